// Builds what /console serves: dist/index.html, dist/assets/console.js, dist/assets/console.css. `--watch` builds again on each change.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { context } from "esbuild";
import { bundled } from "./bundle.mjs";

process.chdir(import.meta.dirname);

// tests/console/test_build.py makes the same fingerprint without Node.
const shared = ["links.ts", "markdown.ts", "sse.ts"].map((name) => `../widget/src/${name}`);
const sources = ["build.mjs", "bundle.mjs", "index.html", "package-lock.json", ...shared];
for (const name of await readdir("src", { recursive: true })) if (/\.(tsx?|css)$/.test(name)) sources.push(`src/${name}`);
const hash = createHash("sha256");
for (const name of sources.sort()) hash.update(`${name}\n`).update(await readFile(name));
const fingerprint = hash.digest("hex").slice(0, 16);
const banner = `/* Frontdesk console, Apache-2.0, source ${fingerprint} */`;

const watching = process.argv.includes("--watch");
await rm("dist", { recursive: true, force: true });
await mkdir("dist/assets", { recursive: true });
const building = await context({
  ...bundled,
  entryPoints: { console: "src/main.tsx" },
  outdir: "dist/assets",
  format: "esm",
  minify: true,
  banner: { js: banner, css: banner },
  legalComments: "none",
  logLevel: watching ? "info" : "warning",
});
// The address of the files changes with their content, so they may be kept for good.
await writeFile("dist/index.html", (await readFile("index.html", "utf8")).replaceAll("BUILD", fingerprint));
if (watching) await building.watch();
else {
  await building.rebuild();
  await building.dispose();
  for (const name of ["console.js", "console.css"]) {
    const content = await readFile(`dist/assets/${name}`);
    console.log(`dist/assets/${name}: ${content.length} bytes, ${gzipSync(content, { level: 9 }).length} gzipped`);
  }
}
