// A mail server as organisations have it: Nodemailer's, with certificates that the tests made.
// Wants its settings as JSON in the first argument, tells its port in the first line and each
// mail that it took in a line of its own, and ends when nobody holds its input any more.
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const { certificate, key, secure, login, refuses } = JSON.parse(process.argv[2]);
const tell = (it) => process.stdout.write(`${JSON.stringify(it)}\n`);

// What is refused, by what a test names: an address, or "text" for every mail.
const refusal = (what) => {
  const answer = refuses[what];
  if (!answer) return null;
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
};

const server = new SMTPServer({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  secure,
  authOptional: !login,
  disableReverseLookup: true,
  closeTimeout: 1000,
  onAuth({ username, password }, _session, done) {
    if (username === login?.[0] && password === login?.[1]) return done(null, { user: username });
    done(Object.assign(new Error("5.7.8 wrong name or password"), { responseCode: 535 }));
  },
  onMailFrom: ({ address }, _session, done) => done(refusal(address)),
  onRcptTo: ({ address }, _session, done) => done(refusal(address)),
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const fault = refusal("text");
      if (fault) return done(fault);
      const { mailFrom, rcptTo } = session.envelope;
      tell({
        from: mailFrom.address,
        to: rcptTo.map((it) => it.address),
        mail: Buffer.concat(parts).toString("latin1"),
        secure: session.secure,
        user: session.user ?? null,
        connection: session.id,
      });
      done(null, "2.0.0 queued");
    });
  },
});
// A client that breaks off is what the tests are about.
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => tell({ port: server.server.address().port }));
process.stdin.on("end", () => process.exit()).resume();
