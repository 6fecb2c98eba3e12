// A real OpenID provider on loopback, for tests: oidc-provider, with keys that it changes when told.
//
//   node provider.mjs PORT_FILE
//
// Accounts are made up: any name logs in without a password, and "name+one" with one factor only.
// Beside the provider's own endpoints stands what a provider never has, for the test alone:
//
//   POST /test/rotate   other keys from now on; the old ones leave the set
//   POST /test/sign     {"header", "payload", "key": "own" | "stranger"} -> a JWS, whatever it says
//   POST /test/hmac     {"header", "payload"} -> a JWS under the public RSA key as a shared secret
//   GET  /test/fetches  how often the key set was asked for
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [portFile] = process.argv.slice(2);
const MAX_BODY_BYTES = 64 * 1024;
// node:crypto, as a JWS wants it: R and S for ES256 (RFC 7518, section 3.4).
const SIGNING = {
  RS256: ['sha256', {}],
  ES256: ['sha256', { dsaEncoding: 'ieee-p1363' }],
  EdDSA: [null, {}],
};

function newKeys() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  return Object.entries(pairs).map(([alg, { privateKey }]) => ({
    alg, privateKey, kid: `${alg.toLowerCase()}-${randomUUID()}`,
  }));
}

const client = (id, alg, more = {}) => ({
  client_id: id,
  token_endpoint_auth_method: 'none',
  id_token_signed_response_alg: alg,
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  response_types: [],
  redirect_uris: [],
  ...more,
});

const server = createServer();
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

function newProvider(keys) {
  return new Provider(issuer, {
    // PS256 with the RSA key of RS256: a key that names no algorithm serves both.
    jwks: {
      keys: keys.map(({ alg, privateKey, kid }) => (
        { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', ...(alg === 'RS256' ? {} : { alg }) })),
    },
    clients: [
      client('knooppunt-es', 'ES256'),
      client('knooppunt-rs', 'RS256'),
      client('knooppunt-ps', 'PS256'),
      client('knooppunt-ed', 'EdDSA'),
      client('somebody-else', 'ES256'),
      client('knooppunt-web', 'ES256', {
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [`${issuer}/test/callback`],
        application_type: 'native',
      }),
    ],
    enabledJWA: { idTokenSigningAlgValues: Object.keys(SIGNING).concat('PS256') },
    acrValues: ['urn:example:substantial', 'urn:example:low'],
    claims: { openid: ['sub', 'acr', 'amr'] },
    conformIdTokenClaims: false,
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeConfirmSource: (ctx, form) => { ctx.body = `<html>${form}</html>`; },
        userCodeInputSource: (ctx, form) => { ctx.body = `<html>${form}</html>`; },
        successSource: (ctx) => { ctx.body = '<html>done</html>'; },
      },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: [randomUUID()] },
    ttl: {
      AccessToken: 60, AuthorizationCode: 60, DeviceCode: 120, Grant: 600, IdToken: 300, Interaction: 120, Session: 600,
    },
  });
}

let keys = newKeys();
const strangers = newKeys();
let provider = newProvider(keys);
let fetches = 0;

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new Error('too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function answer(response, body) {
  response.setHeader('content-type', typeof body === 'string' ? 'text/html' : 'application/json');
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed({ header, payload, key }) {
  const set = key === 'stranger' ? strangers : keys;
  // A stranger's key carries the id of a real one when the header asks for it.
  const { privateKey, kid } = set.find((k) => k.alg === header.alg) ?? set[0];
  const text = `${encode({ kid, ...header })}.${encode(payload)}`;
  if (header.alg === 'none') return `${text}.`;
  const [hash, options] = SIGNING[header.alg];
  return `${text}.${sign(hash, Buffer.from(text), { key: privateKey, ...options }).toString('base64url')}`;
}

function hmac({ header, payload }) {
  const { privateKey, kid } = keys.find((k) => k.alg === 'RS256');
  const secret = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const text = `${encode({ kid, ...header })}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

// The page where somebody types who they are, and the one where they agree.
async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    return answer(response, `<form method="post" data-prompt="${details.prompt.name}"></form>`);
  }
  const form = new URLSearchParams(await bodyOf(request));
  if (form.has('abort')) {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  if (details.prompt.name === 'login') {
    const [accountId, factors] = form.get('account').split('+');
    return provider.interactionFinished(request, response, {
      login: {
        accountId,
        acr: factors === 'one' ? 'urn:example:low' : 'urn:example:substantial',
        amr: factors === 'one' ? ['pwd'] : ['pwd', 'otp'],
      },
    });
  }
  const grant = new provider.Grant({
    accountId: details.session.accountId, clientId: details.params.client_id,
  });
  grant.addOIDCScope('openid');
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } }, {
    mergeWithLastSubmission: true,
  });
}

async function serve(request, response) {
  const path = new URL(request.url, issuer).pathname;
  if (path.startsWith('/interaction/')) return interact(request, response);
  if (path === '/jwks') fetches += 1;
  if (!path.startsWith('/test/')) return provider.callback()(request, response);
  if (path === '/test/fetches') return answer(response, { fetches });
  if (path === '/test/callback') return answer(response, 'back');
  const body = await bodyOf(request);
  if (path === '/test/sign') return answer(response, { jws: signed(JSON.parse(body)) });
  if (path === '/test/hmac') return answer(response, { jws: hmac(JSON.parse(body)) });
  if (path === '/test/rotate') {
    keys = newKeys();
    provider = newProvider(keys);
    return answer(response, { kids: keys.map((k) => k.kid) });
  }
  response.statusCode = 404;
  return response.end();
}

server.on('request', (request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});
process.on('SIGTERM', () => { server.close(); server.closeAllConnections(); });
writeFileSync(`${portFile}.new`, `${server.address().port}\n`);
renameSync(`${portFile}.new`, portFile);
