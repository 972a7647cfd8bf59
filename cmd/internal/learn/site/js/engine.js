// The worker that runs the engine: sesim's own, compiled to WebAssembly.

importScripts("wasm_exec.js");

async function bytesOf(name) {
  const response = await fetch("../" + name);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

// unzipped returns what a file holds: some servers decompress .gz on the way.
async function unzipped(bytes) {
  if (bytes[0] !== 0x1f) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

async function start() {
  const [engine, lessons] = await Promise.all([bytesOf("engine.wasm.gz").then(unzipped), bytesOf("lessons.zip")]);
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(engine, go.importObject);
  const ready = new Promise((done) => { self.sesimReady = done; });
  go.run(instance);
  await ready;
  const wrong = self.sesimOpen(lessons);
  if (wrong) throw new Error(wrong);
}

const started = start();
started.catch(() => {}); // each question says so

self.addEventListener("message", async ({ data: { id, path, body } }) => {
  try {
    await started;
    const [ok, text] = self.sesimAnswer(path, body);
    self.postMessage({ id, ok, text });
  } catch (problem) {
    self.postMessage({ id, failed: problem.message });
  }
});
