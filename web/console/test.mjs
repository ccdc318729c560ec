// Bundles the tests (Node 20 reads no TypeScript) and runs them with Node's own runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { bundled } from "./bundle.mjs";

process.chdir(import.meta.dirname);
const out = await mkdtemp(join(tmpdir(), "frontdesk-console-"));
try {
  const tests = (await readdir("test")).filter((name) => /\.test\.tsx?$/.test(name));
  await build({
    ...bundled,
    entryPoints: tests.map((name) => join("test", name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    loader: { ".css": "empty" },
  });
  const files = tests.map((name) => join(out, name.replace(/\.tsx?$/, ".mjs")));
  process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
