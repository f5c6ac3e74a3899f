// A service of its own on a data folder of its own, which can be killed and started again, and a
// browser of its own on a kept profile, which can be killed too.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { chromiumPath, FLAGS } from '../screen.mjs';

const START_MS_MAX = 30_000;
export const PASSPHRASE = 'fire raude bussar i regn';
export const LOGIN = 'marit';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until `ask` gives something; an error says what was waited for. */
export async function until(what, ask, ms = START_MS_MAX) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await ask().catch(() => null);
    if (found) return found;
    if (end < Date.now()) throw new Error(`${what}: not within ${ms} ms`);
    await pause(20);
  }
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Makes a service with one administrator. */
export async function makeService() {
  const folder = await mkdtemp(join(tmpdir(), 'skranke-counter-'));
  const service = new Service(folder, await freePort());
  await service.start();
  await service.setUp();
  return service;
}

export class Service {
  constructor(folder, port) {
    Object.assign(this, { folder, port, child: null, said: '' });
    this.url = `http://127.0.0.1:${port}`;
    this.data = join(folder, 'data');
  }

  /** Starts it and waits until it answers. */
  async start() {
    const options = ['--data', this.data, 'serve', '--listen', `127.0.0.1:${this.port}`];
    this.child = spawn(process.env.SKRANKE_BIN, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      const hear = (text) => (this.said = (this.said + text).slice(-9000));
      stream.setEncoding('utf8').on('data', hear);
    }
    const answers = async () => (await fetch(`${this.url}/livez`)).ok;
    await until(`the service answers\n${this.said}`, answers);
  }

  /** Kills it as a power cut would. */
  async kill() {
    if (!this.child || this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    this.child = null;
  }

  async setUp() {
    const code = await until('a set-up code', async () => this.said.match(/^ {4}(\w+)$/m)?.[1]);
    const cookies = new Map();
    const ask = async (path, body, more = {}) => {
      const cookie = [...cookies].map((it) => it.join('=')).join('; ');
      const method = body ? 'POST' : 'GET';
      const options = { method, body, headers: { cookie, ...more }, redirect: 'manual' };
      const answer = await fetch(this.url + path, options);
      for (const line of answer.headers.getSetCookie()) {
        cookies.set(...line.split(';')[0].split(/=(.*)/s));
      }
      return answer;
    };
    const page = await (await ask('/setup')).text();
    const csrf = page.match(/name="csrf" value="(\w+)"/)[1];
    const fields = { csrf, code, organisation: 'Fjordvik kommune', name: 'Marit', login: LOGIN };
    const answer = await ask('/setup', new URLSearchParams({ ...fields, passphrase: PASSPHRASE }));
    if (answer.status !== 303) throw new Error(`could not set up: ${answer.status}`);
    this.admin = ask;
  }

  /** Invites somebody who logs, and chooses everybody's passphrase by the link. */
  async add(login, lang = 'nn') {
    const page = await (await this.admin('/admin/people')).text();
    const csrf = page.match(/name="csrf" value="(\w+)"/)[1];
    const fields = { csrf, change: 'invite', login, name: login, role: 'reception', lang };
    const answer = await this.admin('/admin/people', new URLSearchParams(fields));
    const link = (await answer.text()).match(/\/welcome\/[0-9a-f]+/)?.[0];
    if (!link) throw new Error(`could not invite ${login}: ${answer.status}`);
    const held = (answer) => answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    const opened = await fetch(this.url + link, { redirect: 'manual' });
    const first = held(opened);
    const at = `${this.url}/welcome`;
    const shown = await fetch(at, { headers: { cookie: first.join('; ') } });
    const cookie = [...first, ...held(shown)].join('; ');
    const form = await shown.text();
    const hidden = (name) => form.match(new RegExp(`name="${name}" value="(\\w+)"`))[1];
    const own = { csrf: hidden('csrf'), link: hidden('link'), passphrase: PASSPHRASE };
    const options = { method: 'POST', body: new URLSearchParams(own), headers: { cookie } };
    const came = await fetch(at, { ...options, redirect: 'manual' });
    if (came.status !== 303) throw new Error(`${login} could not come in: ${came.status}`);
  }

  /** Sends a form of a page as the administrator. */
  async submit(on, to, fields) {
    const csrf = (await (await this.admin(on)).text()).match(/name="csrf" value="(\w+)"/)[1];
    const answer = await this.admin(to, new URLSearchParams({ csrf, ...fields }));
    if (answer.status !== 303) throw new Error(`${to} answers ${answer.status}`);
  }

  /** Tells all desks something. */
  put(text) {
    return this.submit('/today', '/today/message', { change: 'put', text, until: 'today' });
  }

  /** Logs a question as the administrator. */
  log(text) {
    const [start, rest] = [Date.now().toString(16).padStart(12, '0'), crypto.randomUUID()];
    const key = `inq_${start}7${rest.replaceAll('-', '').slice(13)}`;
    return this.submit('/today', '/log', { key, text, channel: 'phone', act: 'save' });
  }

  /** The texts of all stored inquiries, from an export of the stopped service's folder. */
  async stored() {
    await this.kill();
    const to = join(this.folder, 'export');
    await rm(to, { recursive: true, force: true });
    execFileSync(process.env.SKRANKE_BIN, ['--data', this.data, 'export', to], { stdio: 'pipe' });
    const lines = (await readFile(join(to, 'inquiries.jsonl'), 'utf8')).trim().split('\n');
    return lines.filter(Boolean).map((it) => JSON.parse(it));
  }

  async close() {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The wire between browser and service, which can be cut in the middle of an answer. */
export async function layWire(service) {
  const open = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(service.port, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close: () => server.close(),
  };
}

/** A browser on a kept profile; `open` starts it, `kill` ends it as a crash would. */
export class Browser {
  constructor(folder) {
    Object.assign(this, { profile: join(folder, 'profile'), child: null });
  }

  async open() {
    const port = join(this.profile, 'DevToolsActivePort');
    await rm(port, { force: true });
    const options = [
      ...FLAGS, '--headless=new', '--remote-debugging-port=0', '--lang=nn-NO', '--noerrdialogs',
      '--hide-crash-restore-bubble', `--user-data-dir=${this.profile}`, 'about:blank',
    ];
    this.child = spawn(chromiumPath(), options, { stdio: 'ignore', detached: true });
    const first = async () => (await readFile(port, 'utf8')).split('\n')[0];
    const at = await until('the browser', first);
    this.remote = await chromium.connectOverCDP(`http://127.0.0.1:${at}`);
    this.context = this.remote.contexts()[0];
    this.context.setDefaultTimeout(15_000);
  }

  /** Kills every process of it. */
  async kill() {
    if (!this.child) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    process.kill(-this.child.pid, 'SIGKILL');
    await ended;
    this.child = null;
    await this.remote.close().catch(() => {});
  }
}
