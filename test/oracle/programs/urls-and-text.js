// URL, its search parameters, text codecs, blobs, headers, forms.
const url = new URL('../x/./y?b=2&a=1&a=%20z#frag', 'https://user:pw@host.example:8080/p/q/r');
url.searchParams.append('c', 'ä&ö'); url.searchParams.sort(); url.port = '443'; url.hash = ''; url.pathname += '/z';
const pairs = []; for (const [k, v] of url.searchParams) pairs.push(`${k}:${v}`);
const params = new URLSearchParams({ q: 'a b', n: 1 }); params.set('q', 'c+d'); params.delete('n'); params.forEach((v, k) => { const t = k + v; pairs.push(t); });
class Route { constructor(pattern) { this.keys = []; this.re = new RegExp('^' + pattern.replace(/:(\w+)/g, (_, key) => { this.keys.push(key); return '([^/]+)'; }) + '$'); }
  match(path) { const m = this.re.exec(path); if (!m) return null; const out = {}; this.keys.forEach((key, i) => { out[key] = decodeURIComponent(m[i + 1]); }); return out; } }
const matched = ['/u/7/p/a%20b', '/u/7', '/u/x/p/'].map((p) => new Route('/u/:id/p/:name').match(p));
const enc = new TextEncoder(), bytes = enc.encode('héllo €😀'); const into = enc.encodeInto('€€', new Uint8Array(5));
const dec = new TextDecoder('utf-8'); let text = ''; for (let i = 0; i < bytes.length; i += 3) text += dec.decode(bytes.subarray(i, i + 3), { stream: true }); text += dec.decode();
let fatal; try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])); } catch (e) { fatal = [e.name, e.code]; }
const latin = new TextDecoder('latin1').decode(new Uint8Array([0xe4, 0x80])), u16 = new TextDecoder('utf-16le').decode(new Uint16Array([72, 105]));
const headers = new Headers([['X-A', '1'], ['x-b', '2']]); headers.append('x-a', '3'); const heads = [...headers.entries()];
const form = new FormData(); form.append('f', new Blob(['abc', new Uint8Array([100])], { type: 'text/plain' }), 'f.txt'); form.append('n', 5);
let invalid; try { new URL('no url'); } catch (e) { invalid = e.code; }
(async () => {
  const blob = new Blob(['ab', 'cd']); const whole = await blob.text(), part = await blob.slice(1, 3).text(); const chunks = []; for await (const c of blob.stream()) chunks.push(c.length);
  const json = await new Response('{"a":[1,{"b":null}]}').json(); const made = await new Request('http://x/', { method: 'POST', body: params }).text();
  const b64 = btoa('hi\xff'), un = atob(b64).charCodeAt(2);
  console.log(url.href, url.origin, pairs, matched, into, text, fatal, latin, u16, heads, invalid, URL.canParse('a:b'), whole, part, chunks, json, made, b64, un);
})();
