// Stands in the engine's place in `hub-link.test.mjs`: fetches what the page asks for.
export default async () => {};

export const start = () => {
  self.onmessage = async ({ data }) => {
    if (!data.fetch) return;
    self.postMessage({ fetched: await Promise.all(data.fetch.map(one)) });
  };
};

const one = async ({ url, n, abort }) => {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  try {
    const body = n && Uint8Array.from({ length: n }, (_, i) => (i * 31) ^ (i >> 8));
    const init = { method: n ? "POST" : "GET", body, signal: abort && AbortSignal.abort() };
    const response = await fetch(new Request(url, init));
    const got = new Uint8Array(await response.arrayBuffer());
    const same = !n || (got.length === n && got.every((byte, i) => byte === body[i]));
    return { status: response.status, n: got.length, same, ms: ms(), text: new TextDecoder().decode(got.slice(0, 100)) };
  } catch (error) {
    return { error: error.name, message: error.message, ms: ms() };
  }
};
