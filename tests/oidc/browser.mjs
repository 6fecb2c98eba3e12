// The person at the browser: goes where the command line sends them, logs in and agrees.
//
//   node browser.mjs device URL ACCOUNT          types the code that stands in URL, logs in, agrees
//   node browser.mjs refuse URL ACCOUNT          the same, and says no where the login is asked
//   node browser.mjs code ISSUER CLIENT NONCE ACCOUNT
//                                                 authorization code with PKCE; prints the id token
import { createHash, randomBytes } from 'node:crypto';

const MAX_PAGES = 20;
const cookies = new Map();
let current = '';

// Each Set-Cookie by itself. Debian's Node 18 joins them with commas, as dates have inside.
function cookiesOf(headers) {
  if (headers.getSetCookie) return headers.getSetCookie();
  return (headers.get('set-cookie') ?? '').split(/,\s*(?=[^;,=\s]+=)/).filter(Boolean);
}

async function visit(url, form) {
  current = new URL(url, current || undefined).href;
  const response = await fetch(current, {
    redirect: 'manual',
    method: form ? 'POST' : 'GET',
    body: form ? new URLSearchParams(form) : undefined,
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    signal: AbortSignal.timeout(20_000),
  });
  for (const cookie of cookiesOf(response.headers)) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    if (value === '') cookies.delete(name); else cookies.set(name, value);
  }
  return { location: response.headers.get('location'), status: response.status, body: await response.text() };
}

// The hidden fields of the page's form.
function fieldsOf(page) {
  return Object.fromEntries([...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    .map(([, name, value]) => [name, value]));
}

// Follows redirects and fills in forms until there is nothing more to do, or `until` is reached.
async function walk(first, account, { refuse = false, until } = {}) {
  let page = await visit(first);
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    if (page.location) {
      const next = new URL(page.location, current);
      if (until && next.href.startsWith(until)) return next;
      page = await visit(next.href);
      continue;
    }
    if (page.status >= 400) throw new Error(`${current}: HTTP ${page.status}: ${page.body.slice(0, 500)}`);
    const prompt = /data-prompt="(\w+)"/.exec(page.body);
    if (prompt) {
      page = await visit(current, refuse ? { abort: 'yes' } : { account });
      continue;
    }
    const fields = fieldsOf(page.body);
    const action = /<form[^>]* action="([^"]+)"/.exec(page.body);
    if (!action || !fields.xsrf || !fields.user_code) return page;
    page = await visit(action[1], { confirm: 'yes', ...fields });
  }
  throw new Error('there is no end to the pages');
}

async function withCode(issuer, client, nonce, account) {
  const verifier = randomBytes(32).toString('base64url');
  const callback = `${issuer}/test/callback`;
  const query = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    nonce,
    state: 'x',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await walk(`${issuer}/auth?${query}`, account, { until: callback });
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client,
      code: back.searchParams.get('code'),
      redirect_uri: callback,
      code_verifier: verifier,
    }),
    signal: AbortSignal.timeout(20_000),
  });
  const tokens = await response.json();
  if (!tokens.id_token) throw new Error(JSON.stringify(tokens));
  console.log(tokens.id_token);
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'code') await withCode(...rest);
else await walk(rest[0], rest[1], { refuse: what === 'refuse' });
