// Builds what a website loads: dist/widget.js, and beside it in dist/widget/ what is
// fetched when it is wanted: the panel, the languages, the plain-Rasa backend.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { bundled } from "./bundle.mjs";

process.chdir(import.meta.dirname);

// tests/widget/test_build.py makes the same fingerprint without Node.
const sources = ["bundle.mjs", "build.mjs", "package-lock.json"];
for (const folder of ["src", "texts"]) {
  for (const name of await readdir(folder, { recursive: true })) if (/\.(ts|css|json)$/.test(name)) sources.push(`${folder}/${name}`);
}
const hash = createHash("sha256");
for (const name of sources.sort()) hash.update(`${name}\n`).update(await readFile(name));
const fingerprint = hash.digest("hex").slice(0, 16);
const banner = `/* Frontdesk chat, Apache-2.0, source ${fingerprint} */\n`;
const define = { ...bundled.define, BUILD: JSON.stringify(fingerprint) };

async function emit(entry, format, out) {
  const { outputFiles } = await build({ ...bundled, define, entryPoints: [entry], format, write: false, minifySyntax: true });
  // Makes it 3 % smaller than esbuild alone.
  const { code } = await minify(outputFiles[0].text, { ecma: 2020, module: true, compress: { passes: 3 }, format: { comments: false } });
  await writeFile(out, banner + code);
  console.log(`${out}: ${code.length} characters, ${gzipSync(banner + code, { level: 9 }).length} bytes gzipped`);
}

await rm("dist", { recursive: true, force: true });
await mkdir("dist/widget", { recursive: true });
await emit("src/main.ts", "iife", "dist/widget.js");
await emit("src/view/panel.ts", "esm", "dist/widget/panel.js");
await emit("src/rasa.ts", "esm", "dist/widget/rasa.js");
for (const name of await readdir("texts")) {
  await writeFile(`dist/widget/${name}`, JSON.stringify(JSON.parse(await readFile(`texts/${name}`, "utf8"))));
}
