import { createHash } from 'node:crypto';
import { type CustomerId, formatInstant, MAX_ID, type TenantId } from '@perennial/contracts';
