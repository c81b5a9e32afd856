// Real servers take their time; Jest takes this setting from no project's configuration.
jest.setTimeout(60_000);
