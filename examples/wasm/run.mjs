// Runs experiments in the WebAssembly module and compares each file of a result with that of a native run, byte for byte.
//
// Usage: node run.mjs MODULE REPLICATES RESULTS EXPERIMENT.toml ...
// RESULTS holds a folder per experiment: `mode-lottery run EXPERIMENT.toml ... --replicates REPLICATES --out RESULTS`.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [path, replicates, results, ...experiments] = process.argv.slice(2);
if (experiments.length === 0) {
  console.error("usage: node run.mjs MODULE REPLICATES RESULTS EXPERIMENT.toml ...");
  process.exit(2);
}

/** An instance of the module. What it imports is never called: a dependency names it for uses that are not made here. */
function start(module) {
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new Error(`the module calls ${from}.${name}`);
    };
  }
  return new WebAssembly.Instance(module, imports).exports;
}

/** The files of a result by name; throws what is wrong with the experiment. */
function run({ memory, alloc, run }, text, replicates) {
  const request = new TextEncoder().encode(text);
  const place = alloc(request.length) >>> 0;
  // The memory grows, and an earlier view of it is void then: each use takes a new one.
  new Uint8Array(memory.buffer).set(request, place);
  let at = run(place, request.length, replicates) >>> 0;
  const answer = new DataView(memory.buffer);
  const next = () => {
    const length = answer.getUint32(at, true);
    const bytes = new Uint8Array(memory.buffer, at + 4, length).slice();
    at += 4 + length;
    return bytes;
  };
  const files = new Map();
  for (let name = next(); name.length > 0; name = next()) files.set(new TextDecoder().decode(name), next());
  if (files.has("error")) throw new Error(new TextDecoder().decode(files.get("error")));
  return files;
}

const module = new WebAssembly.Module(readFileSync(path));
let differing = 0;
for (const experiment of experiments) {
  const exports = start(module);
  const started = performance.now();
  const files = run(exports, readFileSync(experiment, "utf8"), BigInt(replicates));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const name = basename(experiment, ".toml");
  for (const [file, bytes] of files) {
    const same = readFileSync(join(results, name, file)).equals(bytes);
    differing += same ? 0 : 1;
    console.log(`${name}/${file}: ${bytes.length} bytes, ${same ? "as native" : "DIFFERS from native"}`);
  }
  console.log(`${name}: ${seconds} s, ${(exports.memory.buffer.byteLength / 2 ** 20).toFixed(1)} MiB`);
}
process.exitCode = differing > 0 ? 1 : 0;
