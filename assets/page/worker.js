// Runs experiments, several at a time by turns: each part of the page has an instance of the engine of its own. The newest request of a part
// takes the place of an older one.
"use strict";
let engine = null;
const instances = new Map(); // part -> exports
const running = new Map(); // part -> request
let going = false;

function instance(part) {
  if (!instances.has(part)) {
    const imports = {};
    // What the module imports beside `page.told` is named by a dependency for uses that are not made here.
    for (const { module, name } of WebAssembly.Module.imports(engine)) {
      imports[module] ??= {};
      imports[module][name] = () => {
        throw new Error(`the engine calls ${module}.${name}`);
      };
    }
    imports.page = { ...imports.page, told: (done, of) => postMessage({ part, serial: running.get(part)?.serial, kind: "job", done, of }) };
    instances.set(part, new WebAssembly.Instance(engine, imports).exports);
  }
  return instances.get(part);
}

/** The contents of an answer by name; throws what is wrong. */
function call(part, words) {
  const { memory, alloc, call } = instance(part);
  const strings = words.map((word) => new TextEncoder().encode(word));
  const request = new Uint8Array(strings.reduce((sum, own) => sum + 4 + own.length, 4));
  const lengths = new DataView(request.buffer);
  let at = 0;
  for (const string of strings) {
    lengths.setUint32(at, string.length, true);
    request.set(string, at + 4);
    at += 4 + string.length;
  }
  lengths.setUint32(at, 0xffffffff, true);
  const place = alloc(request.length) >>> 0;
  // The memory grows, and an earlier view of it is void then.
  new Uint8Array(memory.buffer).set(request, place);
  let answer = call(place, request.length) >>> 0;
  const view = new DataView(memory.buffer);
  const next = () => {
    const length = view.getUint32(answer, true);
    if (length === 0xffffffff) return null;
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, answer + 4, length));
    answer += 4 + length;
    return text;
  };
  const files = {};
  for (let name = next(); name !== null; name = next()) files[name] = next();
  if ("error" in files) throw new Error(files.error);
  return files;
}

const turn = new MessageChannel();
const waiting = [];
turn.port1.onmessage = () => waiting.shift()();
/** Lets messages in. */
const breath = () => new Promise((done) => (waiting.push(done), turn.port2.postMessage(0)));

/** One piece of a request; whether it is done. */
function step(request) {
  const { part, serial, name, text, sets, guess } = request;
  const answer = (kind) => {
    const files = call(part, ["answer", ...(guess ?? [])]);
    postMessage({ part, serial, kind, files, milliseconds: performance.now() - request.since });
  };
  if (!request.begun) {
    request.begun = true;
    request.since = request.shown = performance.now();
    if (!request.redraw) call(part, ["begin", name, text, ...sets]);
  }
  if (request.redraw) {
    answer("answer");
    return true;
  }
  const { done, of, more } = JSON.parse(call(part, ["advance"]).progress);
  if (!more) {
    answer("answer");
    return true;
  }
  postMessage({ part, serial, kind: "progress", done, of });
  if (performance.now() - request.shown > 250) {
    request.shown = performance.now();
    answer("meanwhile");
  }
  return false;
}

async function go() {
  if (going || engine === null) return;
  going = true;
  while (running.size > 0) {
    // What somebody waits for comes first; else in the order of the page.
    const turns = [...running.values()].sort((a, b) => Boolean(b.urgent) - Boolean(a.urgent) || a.serial - b.serial);
    for (const request of turns) {
      const { part } = request;
      if (running.get(part) !== request) continue;
      try {
        if (step(request) && running.get(part) === request) running.delete(part);
      } catch (error) {
        running.delete(part);
        // An instance that has stopped half-way is not used again.
        instances.delete(part);
        postMessage({ part, serial: request.serial, kind: "wrong", message: error.message });
      }
      await breath();
    }
  }
  going = false;
}

onmessage = ({ data }) => {
  if (data.kind === "engine") engine = data.engine;
  else if (data.kind === "call") {
    try {
      postMessage({ kind: "called", serial: data.serial, files: call(data.part, data.words) });
    } catch (error) {
      postMessage({ kind: "called", serial: data.serial, wrong: error.message });
    }
  } else {
    running.delete(data.part);
    running.set(data.part, data);
  }
  go();
};
