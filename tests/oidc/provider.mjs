// A provider of identities as organizations have it: a certified one, with people whom a test has
// made up.
// Wants its settings as JSON in the first argument, tells its port in the first line, and ends when
// nobody holds its input any more. Whoever types a person's name is let in as that person.
import { createPublicKey } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const { client, secret, back, lands, ended, people, algorithm, method, clientKey } =
  JSON.parse(process.argv[2]);

const key = async (alg) => ({
  ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)),
  alg,
  use: "sig",
  kid: `key-${alg}`,
});

/** How it knows us: by a secret, or by the public half of a key. */
const known = clientKey
  ? {
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: clientKey.algorithm,
    jwks: {
      keys: [{
        ...createPublicKey(clientKey.pem).export({ format: "jwk" }),
        alg: clientKey.algorithm,
        use: "sig",
        kid: clientKey.id,
      }],
    },
  }
  : { client_secret: secret, token_endpoint_auth_method: method ?? "client_secret_basic" };

/** What is known of somebody; a test adds to it. */
const claims = (name) => ({ sub: name, name, ...people[name] });

const server = createServer();
server.listen(0, "127.0.0.1", async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client,
      ...known,
      redirect_uris: [back],
      post_logout_redirect_uris: [lands],
      id_token_signed_response_alg: algorithm,
      backchannel_logout_uri: ended,
      backchannel_logout_session_required: true,
    }],
    jwks: { keys: [await key(algorithm)] },
    enabledJWA: {
      idTokenSigningAlgValues: [algorithm],
      ...(clientKey && { clientAuthSigningAlgValues: [clientKey.algorithm] }),
    },
    ...(method && { clientAuthMethods: [method] }),
    features: { backchannelLogout: { enabled: true } },
    // The service lies on this machine, where the provider would by itself send nothing.
    fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["name", "roles", "email"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for these tests"] },
    findAccount: (_, name) =>
      people[name] && { accountId: name, claims: () => claims(name) },
    // The organization has agreed for everybody: nobody is asked what may be told.
    async loadExistingGrant(ctx) {
      const { client: asks, session } = ctx.oidc;
      const { Grant } = ctx.oidc.provider;
      const grant = new Grant({ clientId: asks.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  server.on("request", provider.callback());
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
});
process.stdin.on("end", () => process.exit()).resume();
