// Takes out of a WebAssembly module what nobody who runs it needs: custom sections, and exports that are not named. A dependency of figures brings
// both for a generator of bindings that is not used here: an eighth of the compressed module.
//
// Usage: node slim.mjs MODULE EXPORT ... > SLIM
import { readFileSync } from "node:fs";

const [path, ...kept] = process.argv.slice(2);
const bytes = readFileSync(path);
const [CUSTOM, EXPORTS] = [0, 7];

/** An unsigned number of variable length (LEB128) at a place, and the place behind it. */
function number(at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) return [value, at];
  }
}

function written(value) {
  const out = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  return Buffer.from([...out, value]);
}

/** The exports of a section that are kept: each a name, a kind and an index. */
function exports(at, end) {
  const found = [];
  for ([, at] = number(at); at < end; ) {
    const [length, name] = number(at);
    const [, behind] = number(name + length + 1);
    if (kept.includes(bytes.toString("utf8", name, name + length))) found.push(bytes.subarray(at, behind));
    at = behind;
  }
  if (found.length !== kept.length) throw new Error(`of the exports ${kept.join(", ")} only ${found.length} are there`);
  return Buffer.concat([written(found.length), ...found]);
}

const out = [bytes.subarray(0, 8)];
for (let at = 8; at < bytes.length; ) {
  const kind = bytes[at];
  const [length, begin] = number(at + 1);
  const end = begin + length;
  if (kind === EXPORTS) {
    const section = exports(begin, end);
    out.push(Buffer.from([kind]), written(section.length), section);
  } else if (kind !== CUSTOM) out.push(bytes.subarray(at, end));
  at = end;
}
const slim = Buffer.concat(out);
if (!WebAssembly.validate(slim)) throw new Error("what is left is no module");
process.stdout.write(slim);
