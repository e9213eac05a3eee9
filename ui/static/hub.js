// Carries the engine's requests to a hub nearby, over a data channel to the addresses and the certificate in its QR (hub/src/rtc.rs).
const PIECE = 16379; // With its head of 5 bytes the longest frame: hub/src/rtc/frames.rs.
const FULL = 1 << 20;
const OPEN_WITHIN_MS = 5000;
const IDLE_MS = 50000; // A little less than the hub waits.
const AT_ONCE = 4;
const links = {};

const open = (key) => {
  const [print, places] = key.split("/");
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel("porchlight");
  const link = { pc, channel, waiting: new Map(), slots: [], n: 0, timer: setTimeout(() => close("the hub does not answer"), OPEN_WITHIN_MS) };
  const close = (why) => {
    clearTimeout(link.timer);
    if (links[key] === link) delete links[key];
    pc.close();
    fail(Error(why));
    link.waiting.forEach(({ no }) => no(Error(why)));
  };
  let fail;
  link.close = close;
  link.sending = new Promise((yes, no) => {
    fail = no;
    channel.onopen = () => link.rest() || yes();
  });
  link.sending.catch(() => {});
  link.rest = () => {
    clearTimeout(link.timer);
    if (!link.waiting.size) link.timer = setTimeout(() => close("idle"), IDLE_MS);
  };
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = FULL / 2;
  channel.onclose = () => close("the hub went away");
  pc.onconnectionstatechange = () => ["disconnected", "failed"].includes(pc.connectionState) && close("the hub is out of reach");
  channel.onmessage = ({ data }) => {
    const view = new DataView(data);
    const id = view.getUint32(0, true);
    const one = link.waiting.get(id);
    one?.pieces.push(data.slice(5));
    if (view.getUint8(4)) {
      link.waiting.delete(id);
      link.rest();
      one?.yes(new Blob(one.pieces).arrayBuffer());
    }
  };
  // The answer that the hub would give, from what is known of it.
  const answer = [
    "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-lite", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0",
    "a=mid:0", "a=setup:passive", "a=ice-ufrag:" + print.slice(0, 8), "a=ice-pwd:" + print.slice(8, 40),
    "a=fingerprint:sha-256 " + print.toUpperCase().match(/../g).join(":"), "a=sctp-port:5000", "a=max-message-size:16384",
    ...places.split(",").map((place, i) => {
      const [, ip, port] = place.match(/^\[?(.*?)\]?:(\d+)$/);
      return `a=candidate:${i} 1 udp ${9 - i} ${ip} ${port} typ host`;
    }), "",
  ].join("\r\n");
  pc.setLocalDescription().then(() => pc.setRemoteDescription({ type: "answer", sdp: answer })).catch((error) => close(error));
  return link;
};

const ask = async (key, head, body) => {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const whole = new Uint8Array(await new Blob([Uint32Array.of(text.length), text, body ?? ""]).arrayBuffer());
  const link = (links[key] ??= open(key));
  const { channel, waiting, slots } = link;
  const id = ++link.n;
  // Not more at once than the hub takes.
  const answered = Promise.resolve(slots[id % AT_ONCE]).then(() => {
    link.sending = link.sending.then(async () => {
      clearTimeout(link.timer);
      for (let at = 0; at < whole.length; at += PIECE) {
        if (channel.bufferedAmount > FULL) await new Promise((yes) => (channel.onbufferedamountlow = yes));
        const piece = whole.subarray(at, at + PIECE);
        const frame = new Uint8Array(piece.length + 5);
        new DataView(frame.buffer).setUint32(0, id, true);
        frame[4] = at + PIECE >= whole.length;
        frame.set(piece, 5);
        channel.send(frame);
      }
    });
    link.sending.catch(link.close);
    return new Promise((yes, no) => waiting.set(id, { yes, no, pieces: [] }));
  });
  slots[id % AT_ONCE] = answered.then(() => {});
  return answered;
};

export const carry = async (worker, { id, url, method, headers, body }) => {
  try {
    const [, key, path] = url.match(/^https:..hub.invalid.(\w+.[^/]+)(.*)/);
    const whole = await ask(key, { method, path, headers }, body);
    const length = new DataView(whole).getUint32(0, true) + 4;
    const head = JSON.parse(new TextDecoder().decode(whole.slice(4, length)));
    const answer = whole.slice(length);
    worker.postMessage({ hub: { id, ...head, body: answer } }, [answer]);
  } catch (error) {
    worker.postMessage({ hub: { id, error: `${error}` } });
  }
};
