// Sends the engine's requests to a hub nearby, over a data channel to the addresses and the certificate in its QR code (hub/src/rtc.rs).
const PIECE = 16379; // With its header of 5 bytes, the longest frame: hub/src/rtc/frames.rs.
const FULL = 1 << 20;
const AT_ONCE = 4; // As many as the hub serves at once.
const PATIENCE_MS = 5000;
const IDLE_MS = 50000; // A little less than the hub's.
const links = {};

const open = (key) => {
  const [print, places] = key.split("/");
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel("porchlight");
  const waiting = new Map();
  let timer, opened, failed;
  const stir = () => clearTimeout(timer);
  const closeIn = (ms, why) => {
    stir();
    timer = setTimeout(close, ms, why);
  };
  const rest = () => (waiting.size ? stir() : closeIn(IDLE_MS));
  const close = (why) => {
    stir();
    if (links[key] === link) delete links[key];
    pc.close();
    failed(why);
    waiting.forEach(({ no }) => no(why));
  };
  const sending = new Promise((yes, no) => ([opened, failed] = [yes, no]));
  const link = { channel, waiting, sending, stir, close, slots: [], n: 0 };
  sending.catch(stir);
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = FULL / 2;
  channel.onopen = () => opened(rest());
  channel.onclose = () => close("the hub went away");
  channel.onmessage = ({ data }) => {
    const view = new DataView(data);
    const id = view.getUint32(0, true);
    const one = waiting.get(id);
    one?.pieces.push(data.slice(5));
    if (view.getUint8(4)) {
      waiting.delete(id);
      rest();
      one?.yes(new Blob(one.pieces).arrayBuffer());
    }
  };
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === "disconnected") closeIn(PATIENCE_MS, "the hub is out of reach");
    if (pc.connectionState === "connected") rest();
    if (pc.connectionState === "failed") close("the hub cannot be reached");
  };
  closeIn(PATIENCE_MS, "the hub does not answer");
  // Answers for the hub from what is known of it.
  const sdp = `v=0
o=- 1 1 IN IP4 0.0.0.0
s=-
t=0 0
a=ice-lite
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:0
a=setup:passive
a=ice-ufrag:${print.slice(0, 8)}
a=ice-pwd:${print.slice(8, 40)}
a=fingerprint:sha-256 ${print.toUpperCase().match(/../g).join(":")}
a=sctp-port:5000
a=max-message-size:16384
${places.split(",").map((place, i) => place.replace(/^\[?(.*?)]?:(\d+)$/, `a=candidate:${i} 1 udp ${99 - i} $1 $2 typ host\n`)).join("")}`;
  pc.setLocalDescription()
    .then(() => pc.setRemoteDescription({ type: "answer", sdp }))
    .catch(close);
  return link;
};

const ask = async (key, head, body) => {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const whole = new Uint8Array(await new Blob([Uint32Array.of(text.length), text, body ?? ""]).arrayBuffer());
  const link = (links[key] ??= open(key));
  const { channel, waiting, slots } = link;
  const id = ++link.n;
  const slot = id % AT_ONCE;
  const answered = Promise.resolve(slots[slot]).then(() => {
    link.sending = link.sending.then(async () => {
      link.stir();
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
  slots[slot] = answered.catch(() => {});
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
