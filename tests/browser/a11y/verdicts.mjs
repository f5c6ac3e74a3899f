// What axe-core cannot tell by itself, and what a person found who looked at it. Each verdict holds
// for one rule at one kind of place; anything else that axe is not sure of fails the test.

const VERDICTS = [
  {
    rule: 'color-contrast',
    at: /^<(button class="ds-button" type="submit"|kbd aria-hidden="true">)/,
    isForced: true,
    because: 'The main button in forced colors: the system gives its words and its ground.',
  },
  {
    rule: 'color-contrast',
    at: /^<span aria-hidden="true">.{1,2}<\/span>$/,
    because: 'A sign or two beside words that say it too, in the color of the words, which pass.',
  },
  {
    rule: 'color-contrast',
    at: /^<kbd>[↓↑→]<\/kbd>$/,
    because: 'One sign in the color of the other keys in the table, which pass.',
  },
  {
    rule: 'color-contrast',
    at: /^<select class="ds-input"/,
    because: 'The arrow is a picture at the end; the words stand beside it on the plain ground.',
  },
  {
    rule: 'color-contrast',
    at: /^<(th scope="col"|code)>/,
    because: 'A cell beyond the edge of a table that scrolls in itself; those in sight pass.',
  },
  {
    rule: 'color-contrast',
    at: /^<text x="-?\d+" y="-?\d+" class="(end|mid|mid total)">/,
    because: 'The figures of a chart stand on the page, in the color of its quiet text.',
  },
  {
    rule: 'color-contrast',
    at: /^<textarea class="ds-input" id="text"/,
    because: 'What lies over it has no color of its own: the lines under names, below the words.',
  },
  {
    rule: 'color-contrast',
    at: /^(<div class="ds-input" id="text-mirror"|<u>)/,
    because: 'Words without color over the same words in the field; those are the ones to read.',
  },
  {
    rule: 'frame-tested',
    at: /^<iframe class="sent" sandbox/,
    because: 'What a website sent, as it sent it: shown to judge it, and not ours to mend.',
  },
  {
    rule: 'frame-tested',
    at: /^<iframe class="letter-(wide|narrow)" sandbox/,
    because: 'A letter as it is sent, which runs no script: its HTML is looked at by itself.',
  },
];

/** The verdict on a place that axe-core is not sure of, if there is one. */
export function verdictOf({ id, html }, isForced) {
  const holds = (it) => it.rule === id && it.at.test(html) && (isForced || !it.isForced);
  return VERDICTS.find(holds);
}
