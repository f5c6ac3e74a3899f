// Nothing typed is lost: entries are logged while the network is cut, the service killed, the
// session ended, the tab closed and the browser killed, at random by a fixed seed. In the end each
// is stored, and none twice.
//   SKRANKE_ENTRIES=500  so many entries (40 otherwise)     SKRANKE_SEED=7  other events
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Browser, LOGIN, PASSPHRASE, layWire, makeService, until } from './counter.mjs';

const ENTRIES = Number(process.env.SKRANKE_ENTRIES ?? 40);
const SEED = Number(process.env.SKRANKE_SEED ?? 1);
/** One entry in so many meets with something. */
const EVERY = 2;
const DRAFT_MS = 700;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** A generator of numbers in 0 .. 1 that gives the same ones for the same seed (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A question that no other is like; without digits, which could be masked. */
function question(n) {
  const letters = [...n.toString(26).padStart(4, '0')].map((it) => ALPHABET[parseInt(it, 26)]);
  return `Når opnar utleiga ved ${letters.join('')}tjern?`;
}

/** The one at the counter, who goes on whatever happens. */
class Counter {
  constructor(service, wire) {
    Object.assign(this, { service, wire, page: null, met: {} });
    Object.assign(this, { isUp: true, isOnline: true, isOut: false });
    this.browser = new Browser(service.folder);
  }

  async begin() {
    await this.browser.open();
    await this.openPage();
    await this.page.evaluate(() => navigator.serviceWorker.ready);
    await until('the page is kept', () =>
      this.page.evaluate(async () => Boolean(await caches.match('/log/shell'))));
  }

  /** Opens the log screen; signs in where the service asks for it. */
  async openPage() {
    this.page = await this.browser.context.newPage();
    await until('the log screen', async () => {
      await this.page.goto(`${this.wire.url}/`);
      await this.ready();
      return true;
    });
  }

  async ready() {
    if (new URL(this.page.url()).pathname === '/sign-in') await this.signIn('.step');
    await this.page.locator('#log[data-ready]').waitFor();
  }

  async signIn(inside) {
    await this.page.locator(`${inside} [name=login]`).fill(LOGIN);
    await this.page.locator(`${inside} [name=passphrase]`).fill(PASSPHRASE);
    await this.page.locator(`${inside} [name=passphrase]`).press('Enter');
    this.isOut = false;
  }

  /** Signs in over the page where it asks for it, as it does once it has heard that the session is
   * over; where all is sent there was nothing to ask for. */
  async signInOver() {
    if (!this.isOut || !this.isUp || !this.isOnline) return;
    const asks = () => this.page.locator('#sign-in').isVisible();
    const isDone = async () => (await asks()) || (await this.waiting()) === '0';
    await until('the page asks for signing in', isDone).catch(async (error) => {
      throw new Error(await this.page.locator('body').innerText(), { cause: error });
    });
    if (!(await asks())) return;
    await this.signIn('#sign-in');
    await this.page.locator('#sign-in').waitFor({ state: 'hidden' });
  }

  /** How many entries the page says are waiting. */
  waiting() {
    return this.page.locator('#log').getAttribute('data-waiting');
  }

  /** Types a text and saves it; the row is there once it is put away. */
  async log(text, event) {
    // The window may be another one after each event.
    const field = () => this.page.locator('#text');
    assert.equal(await field().inputValue(), '', 'the field is empty before the next');
    await field().focus();
    const half = Math.floor(text.length / 2);
    await this.page.keyboard.insertText(text.slice(0, half));
    if (event?.at === 'half') {
      await this.page.waitForTimeout(DRAFT_MS);
      await this.meet(event.name);
      await until(`what was typed of ${text}`, async () =>
        (await field().inputValue()) === text.slice(0, half), 5_000);
      await field().focus();
    }
    await this.page.keyboard.insertText(text.slice(half));
    await this.page.keyboard.press('Enter');
    await this.page.locator('#recent-list li', { hasText: text }).first().waitFor();
    if (event?.at === 'saved') await this.meet(event.name);
    else await this.signInOver();
  }

  async meet(name) {
    this.met[name] = (this.met[name] ?? 0) + 1;
    await this[name]();
  }

  async cut() {
    this.isOnline = !this.isOnline;
    if (!this.isOnline) {
      this.wire.cut();
      return;
    }
    this.wire.mend();
    // As the browser tells when its network is back.
    await this.page.evaluate(() => dispatchEvent(new Event('online')));
  }

  async server() {
    if (this.isUp) await this.service.kill();
    else await this.service.start();
    this.isUp = !this.isUp;
  }

  async session() {
    await this.browser.context.clearCookies({ name: 'skranke' });
    this.isOut = true;
  }

  async tab() {
    await this.page.close({ runBeforeUnload: false });
    await this.openPage();
  }

  async killed() {
    await this.browser.kill();
    await this.browser.open();
    this.isOut = true;
    await this.openPage();
  }

  /** Brings everything back and waits until nothing waits. */
  async settle() {
    if (!this.isUp) await this.meet('server');
    if (!this.isOnline) await this.meet('cut');
    await this.page.evaluate(() => dispatchEvent(new Event('online')));
    await this.signInOver();
    await until('everything is sent', async () => (await this.waiting()) === '0', 90_000);
  }
}

const NAMES = ['cut', 'server', 'session', 'tab', 'killed'];

function course(random) {
  return Array.from({ length: ENTRIES }, (_, n) => {
    if (n < NAMES.length) return { name: NAMES[n], at: n % 2 ? 'half' : 'saved' };
    if (EVERY * random() >= 1) return null;
    const name = NAMES[Math.floor(random() * NAMES.length)];
    return { name, at: random() < 0.5 ? 'half' : 'saved' };
  });
}

test(`${ENTRIES} entries are stored once each, whatever happens (seed ${SEED})`, async () => {
  const service = await makeService();
  const wire = await layWire(service);
  const counter = new Counter(service, wire);
  const texts = Array.from({ length: ENTRIES }, (_, n) => question(n));
  try {
    await counter.begin();
    const events = course(chance(SEED));
    for (const [n, text] of texts.entries()) {
      await counter.log(text, events[n]).catch((error) => {
        throw new Error(`entry ${n} (${JSON.stringify(events[n])})`, { cause: error });
      });
    }
    await counter.settle();
    const stored = (await service.stored()).map((it) => it.text);
    const lost = texts.filter((it) => !stored.includes(it));
    const twice = stored.filter((it, at) => stored.indexOf(it) !== at);
    console.log(`met with ${JSON.stringify(counter.met)}; stored ${stored.length}`);
    assert.deepEqual({ lost, twice }, { lost: [], twice: [] });
    assert.equal(stored.length, ENTRIES);
  } finally {
    await counter.browser.kill();
    wire.close();
    await service.close();
  }
});

after(() => setTimeout(() => process.exit(), 1000).unref());
