// The module under Node: an instance of it, and requests to it as a page makes them.

/** An instance of the module. What it imports beside `page.told` is never called: a dependency names it for uses that are not made here. */
export function start(module) {
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new Error(`the module calls ${from}.${name}`);
    };
  }
  imports.page = { ...imports.page, told: () => {} };
  return new WebAssembly.Instance(module, imports).exports;
}

/** The contents of an answer by name, as bytes; throws what is wrong. */
export function ask({ memory, alloc, call }, ...words) {
  const strings = words.map((word) => Buffer.from(String(word)));
  const lengths = (n) => Buffer.from(new Uint32Array([n]).buffer);
  const request = Buffer.concat([...strings.flatMap((string) => [lengths(string.length), string]), lengths(0xffffffff)]);
  const place = alloc(request.length) >>> 0;
  // The memory grows, and an earlier view of it is void then: each use takes a new one.
  new Uint8Array(memory.buffer).set(request, place);
  let at = call(place, request.length) >>> 0;
  const answer = new DataView(memory.buffer);
  const next = () => {
    const length = answer.getUint32(at, true);
    if (length === 0xffffffff) return null;
    const bytes = Buffer.from(new Uint8Array(memory.buffer, at + 4, length));
    at += 4 + length;
    return bytes;
  };
  const files = new Map();
  for (let name = next(); name !== null; name = next()) files.set(name.toString(), next());
  if (files.has("error")) throw new Error(files.get("error").toString());
  return files;
}

/** Every file of a whole run. */
export function run(exports, name, text, ...settings) {
  ask(exports, "begin", name, text, ...settings);
  while (JSON.parse(ask(exports, "advance").get("progress")).more);
  return ask(exports, "answer");
}
