/** Words that YAML takes for something else than text. */
const NO_TEXT = /^(?:null|true|false|~|[-+.\d].*)$/i;
const TIME_OR_DURATION = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Whether a text can stand in a YAML flow map as it is. */
export function isPlain(text: string): boolean {
  if (TIME_OR_DURATION.test(text)) return true;
  return /^[\p{L}\d→(][\p{L}\p{N} ._|()→-]*$/u.test(text) && !NO_TEXT.test(text) && !text.endsWith(' ');
}
