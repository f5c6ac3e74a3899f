// The one place where personal data goes out of a text before it is put away or sent.
import { mask, MASKS } from "../personal_data.js";

/** What may stay is left to the service, which knows what the websites publish themselves. */
const LEFT = new Set(["phone", "mail"]);

/** The text as it may be put away and sent. The service masks again before it keeps anything. */
export const masked = (text) => mask(text, { keep: LEFT }).text;

const SIGNS = [...new Set(Object.values(MASKS))];

/** How many masks stand in an entry as it was sent; the service tells of its own only. */
export function masksIn({ text = "", note = "" }) {
  return SIGNS.reduce((n, it) => n + `${text}\n${note}`.split(it).length - 1, 0);
}
