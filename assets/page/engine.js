// The engine: unpacked from this file, compiled once, run beside the page.
const Engine = {
  module: null,
  worker: null,
  parts: new Map(), // part -> { hear, request }
  calls: new Map(), // serial -> [done, failed]
  serial: 0,

  async start() {
    // Line ends are no part of base64, and `atob` leaves them out.
    const packed = atob(document.getElementById("engine").textContent);
    const bytes = new Uint8Array(packed.length);
    for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    this.module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
    this.spawn();
  },

  spawn() {
    const source = new Blob([document.getElementById("worker").textContent], { type: "text/javascript" });
    const address = URL.createObjectURL(source);
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => this.parts.forEach(({ hear }) => hear({ kind: "wrong", message: event.message }));
    this.worker.postMessage({ kind: "engine", engine: this.module });
  },

  hear(data) {
    if (data.kind === "called") {
      const [done, failed] = this.calls.get(data.serial) ?? [];
      this.calls.delete(data.serial);
      if (data.wrong === undefined) done?.(data.files);
      else failed?.(new Error(data.wrong));
      return;
    }
    const own = this.parts.get(data.part);
    // An answer to a question that is no longer asked is not shown.
    if (!own || data.serial !== own.request?.serial) return;
    if (data.kind === "answer" || data.kind === "wrong") own.request = null;
    own.hear(data);
  },

  /** Asks for a run; the part hears of it. A newer request of the part takes the place of an older one. */
  run(part, request, hear) {
    const own = { hear, request: { ...request, part, kind: "run", serial: ++this.serial } };
    this.parts.set(part, own);
    this.worker.postMessage(own.request);
  },

  /** One request with an answer of its own. */
  call(part, words) {
    const serial = ++this.serial;
    return new Promise((done, failed) => {
      this.calls.set(serial, [done, failed]);
      this.worker.postMessage({ kind: "call", part: `call ${part}`, serial, words });
    });
  },

  /** Ends what a part runs: whatever the engine is in the middle of. What other parts run begins again. */
  stop(part) {
    this.worker.terminate();
    this.calls.forEach(([, failed]) => failed(new Error("stopped")));
    this.calls.clear();
    const own = this.parts.get(part);
    if (own) own.request = null;
    this.spawn();
    for (const [, { request }] of this.parts) {
      if (request) this.worker.postMessage({ ...request, redraw: false });
    }
  },
};

