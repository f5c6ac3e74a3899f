// The one place where personal data goes out of a text before it is put away or sent.
import { mask, mayKeep } from "../personal_data.js";

/** Kinds whose masks the organisation's own numbers and addresses must not get. */
const PUBLISHED_KINDS = ["phone", "mail"];

let published = null;

/** Learns which numbers and addresses the websites publish; until then the service masks those
 * kinds alone. */
export async function learnPublished() {
  const answer = await fetch("/api/v1/published").catch(() => null);
  if (!answer?.ok) return;
  const { numbers, mails } = await answer.json();
  published = { numbers: new Set(numbers), mails: new Set(mails) };
}

/** Masks a text; `keep` are kinds that the person wants to stay. */
export function find(text, keep = []) {
  const kept = published ? keep : [...keep, ...PUBLISHED_KINDS];
  return mask(text, { allowed: published ?? undefined, keep: new Set(kept) });
}

/** The text as it may be put away and sent. The service masks again before it keeps anything. */
export const masked = (text) => find(text).text;

/** The kinds of what was found whose masks the person may undo. */
export const undoable = (found) => [...new Set(found.map((it) => it.kind).filter(mayKeep))];
