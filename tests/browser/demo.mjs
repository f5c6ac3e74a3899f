// Starts the demo, waits until it answers, and reads what it tells about itself.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_SECONDS_MAX = 300;
const STOP_SECONDS_MAX = 15;
const LINES_KEPT_MAX = 200;
const ROOT = new URL('../../', import.meta.url);

/** Starts the demo, or takes the one that SKRANKE_URL names. Returns its address and `stop()`. */
export async function startDemo() {
  if (process.env.SKRANKE_URL) {
    return { url: process.env.SKRANKE_URL.replace(/\/$/, ''), stop: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'skranke-browser-'));
  const options = ['demo', '--listen', '127.0.0.1:0', '--data', join(folder, 'data')];
  const child = spawn(process.env.SKRANKE_BIN, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  let fault = null;
  child.on('error', (error) => (fault = error.message));
  child.on('exit', (code, signal) => (fault ??= `it ended with ${code ?? signal}`));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      lines.push(text);
      lines.splice(0, lines.length - LINES_KEPT_MAX);
    });
  }
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS_MAX * 1000);
      await ended;
      clearTimeout(timer);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + START_SECONDS_MAX * 1000;
  while (fault === null && Date.now() < until) {
    const url = await firstWithSignIn(lines.join(''));
    if (url) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await stop();
  const why = fault ?? `no answer within ${START_SECONDS_MAX} s`;
  throw new Error(`could not start ${process.env.SKRANKE_BIN} demo: ${why}\n${lines.join('')}`);
}

/** Of the addresses that the program printed (its website has one too), the one to sign in on. */
async function firstWithSignIn(printed) {
  const addresses = printed.match(/https?:\/\/(?:127\.0\.0\.1|localhost):[1-9]\d*/g) ?? [];
  for (const url of new Set(addresses)) {
    try {
      const answer = await fetch(`${url}/sign-in`, { signal: AbortSignal.timeout(2000) });
      if (answer.ok && (await answer.text()).includes('name="passphrase"')) return url;
    } catch {
      // Not up yet, or not ours.
    }
  }
  return null;
}

/** The texts of a language, key -> text, as `web/messages` holds them. */
export async function catalogue(lang) {
  const folder = new URL(`web/messages/${lang}/`, ROOT);
  const texts = new Map();
  for (const name of (await readdir(folder)).filter((it) => it.endsWith('.toml')).sort()) {
    let table = '';
    for (const line of (await readFile(new URL(name, folder), 'utf8')).split('\n')) {
      const heading = line.match(/^\[([\w.]+)\]/);
      const entry = line.match(/^([\w.]+)\s*=\s*"((?:[^"\\]|\\.)*)"/);
      if (heading) table = `${heading[1]}.`;
      if (entry) texts.set(table + entry[1], JSON.parse(`"${entry[2]}"`));
    }
  }
  return (key) => {
    if (!texts.has(key)) throw new Error(`no text under ${key} in ${lang}`);
    return texts.get(key);
  };
}
