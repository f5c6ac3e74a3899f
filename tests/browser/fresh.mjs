// The service on an empty data folder of its own, as an administrator starts it for the first time.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_SECONDS_MAX = 60;

/** Starts it; `before` may fill the data folder by commands first. */
export async function startService(before = async () => {}) {
  const folder = await mkdtemp(join(tmpdir(), 'skranke-service-'));
  const data = ['--data', join(folder, 'data')];
  const command = (...words) => execFileSync(process.env.SKRANKE_BIN, [...data, ...words],
    { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 28 });
  await before({ folder, command });
  const options = [...data, 'serve', '--listen', '127.0.0.1:0'];
  const child = spawn(process.env.SKRANKE_BIN, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (told += text));
  for (const until = Date.now() + START_SECONDS_MAX * 1000; Date.now() < until;) {
    if (told.includes('Stop with')) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const code = told.match(/^ {4}(\S+)$/m)?.[1];
  const url = told.match(/http:\/\/[\d.:]+/)?.[0];
  assert.ok(code && url, `it does not start: ${told}`);
  // Until its end the service writes into the folder.
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  const remove = async () => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  return { code, url, folder, command, end, remove };
}
