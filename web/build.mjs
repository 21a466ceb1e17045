// Builds the workspace: node web/build.mjs --out FOLDER [--watch] [--quiet]
//
// FOLDER gets index.html and hashed files beside it, and of each a copy packed by Brotli (.br); src/serve/embed.py
// links them into the program. Ends with what the first page loads, packed, and fails when that is above the limit.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import * as esbuild from "esbuild";

const LIMIT = 300 * 1024;
const here = path.dirname(fileURLToPath(import.meta.url));
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const out = path.resolve(process.argv.includes("--out") ? argument("--out") : path.join(here, "dist"));
const watch = process.argv.includes("--watch");
const inside = (...parts) => path.join(here, ...parts);

// ---- messages/*.tsv -> one module for each language

function rowsOf(file) {
    const [head, ...lines] = fs.readFileSync(file, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
    const names = head.split("\t");
    return lines.map((line, i) => {
        const cells = line.split("\t");
        if (cells.length !== names.length) {
            throw new Error(`${file}: row ${i + 2} (${cells[0]}) has ${cells.length} cells, not ${names.length}`);
        }
        return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
    });
}

function messages(language) {
    const words = {};
    for (const file of fs.readdirSync(inside("messages")).filter((name) => name.endsWith(".tsv")).sort()) {
        for (const row of rowsOf(inside("messages", file))) {
            if (!row.plural) {
                words[row.key] = row[language];
            } else if (row[language]) {
                (words[row.key] ??= {})[row.plural] = row[language];
            }
        }
    }
    return words;
}

const messagesPlugin = {
    name: "messages",
    setup(build) {
        build.onResolve({ filter: /^messages:/ }, ({ path: asked }) => ({ path: asked.slice("messages:".length), namespace: "messages" }));
        build.onLoad({ filter: /./, namespace: "messages" }, ({ path: language }) => ({
            contents: JSON.stringify(messages(language)),
            loader: "json",
            watchDirs: [inside("messages")],
            watchFiles: fs.readdirSync(inside("messages")).map((name) => inside("messages", name)),
        }));
    },
};

// ---- styles: src/styles/*.css in order of their names, then the style of each view, chart and part

function stylesIn(folder) {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
        const whole = path.join(folder, entry.name);
        return entry.isDirectory() ? stylesIn(whole) : entry.name.endsWith(".css") ? [whole] : [];
    });
}

const stylesPlugin = {
    name: "styles",
    setup(build) {
        build.onResolve({ filter: /^styles:all$/ }, () => ({ path: "all", namespace: "styles" }));
        build.onLoad({ filter: /./, namespace: "styles" }, () => {
            const first = stylesIn(inside("src/styles"));
            const all = [...first, ...stylesIn(inside("src")).filter((file) => !first.includes(file))];
            return { contents: all.map((file) => `@import ${JSON.stringify(file)};`).join("\n"), loader: "css", resolveDir: here, watchFiles: all };
        });
    },
};

// ---- files that are taken over as they are, under a hashed name

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("base64url").replace(/[-_]/g, "").slice(0, 8).toUpperCase();
const copied = new Map();

function copy(file, name) {
    const bytes = fs.readFileSync(file);
    const { name: stem, ext } = path.parse(name);
    const hashed = `${stem}-${hashOf(bytes)}${ext}`;
    copied.set(hashed, bytes);
    return hashed;
}

// A style of someone else, made small.
function copyStyle(file, name) {
    const { code } = esbuild.transformSync(fs.readFileSync(file, "utf8"), { loader: "css", minify: true });
    const hashed = `${path.parse(name).name}-${hashOf(code)}.css`;
    copied.set(hashed, Buffer.from(code));
    return hashed;
}

// Without the comment that names a source map which is not served.
function copyScript(file, name) {
    const code = fs.readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    const hashed = `${path.parse(name).name}-${hashOf(code)}.js`;
    copied.set(hashed, Buffer.from(code));
    return hashed;
}

// The licences of all that is packed in, whole, as they ask for.
function licences() {
    const { packages } = JSON.parse(fs.readFileSync(inside("package-lock.json"), "utf8"));
    const shipped = Object.keys(packages).filter((name) => name && !packages[name].dev && fs.existsSync(inside(name)));
    return shipped.map((name) => {
        const named = (pattern) => fs.readdirSync(inside(name)).find((entry) => pattern.test(entry));
        const file = named(/^(licen[cs]e|copying)/i) ?? named(/^readme/i);
        const words = file ? fs.readFileSync(inside(name, file), "utf8").trim() : "";
        return `${name.replace(/^.*node_modules\//, "")} ${packages[name].version} (${packages[name].license ?? "MIT"})\n\n${words}\n`;
    }).join(`\n${"-".repeat(100)}\n\n`);
}
copied.set("licences.txt", Buffer.from(licences()));

const maplibre = inside("node_modules/maplibre-gl/dist");
const define = {
    MAPLIBRE_WORKER: JSON.stringify(copyScript(path.join(maplibre, "maplibre-gl-csp-worker.js"), "maplibre-worker.js")),
    MAPLIBRE_CSS: JSON.stringify(copyStyle(path.join(maplibre, "maplibre-gl.css"), "maplibre.css")),
};
const icon = copy(inside("icon.svg"), "icon.svg");
const common = {
    bundle: true, minify: true, write: false, outdir: out, metafile: true, target: ["es2022", "chrome111", "firefox114", "safari16.4"],
    absWorkingDir: here, logLevel: "warning", legalComments: "none", charset: "utf8", entryNames: "[name]-[hash]", assetNames: "[name]-[hash]",
};

// ---- index.html

const nameOf = (result, entry) => Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === entry)[0];

// What a module loads with itself: not what it loads later.
function loadedWith(outputs, file, found = new Set()) {
    if (!found.has(file)) {
        found.add(file);
        outputs[file].imports.filter((i) => i.kind === "import-statement").forEach((i) => loadedWith(outputs, i.path, found));
    }
    return found;
}

function page({ main, boot, style, preloads }) {
    const html = fs.readFileSync(inside("src/index.html"), "utf8");
    const values = { icon, main, boot, style, preloads: preloads.map((file) => `<link rel="modulepreload" href="assets/${file}">`).join("\n") };
    return html.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const packedSize = (bytes) => zlib.gzipSync(bytes, { level: 9 }).length;

function brotli(bytes) {
    return zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}

function write(files) {
    fs.mkdirSync(out, { recursive: true });
    for (const name of fs.readdirSync(out)) {
        if (!files.has(name.replace(/\.br$/, ""))) {
            fs.rmSync(path.join(out, name), { recursive: true });
        }
    }
    for (const [name, bytes] of files) {
        const file = path.join(out, name);
        const same = fs.existsSync(file) && fs.readFileSync(file).equals(Buffer.from(bytes)) && fs.existsSync(file + ".br");
        if (!same) {
            fs.writeFileSync(file + ".br", brotli(bytes));
            fs.writeFileSync(file, bytes);
        }
    }
}

function finish(modules, others) {
    const outputs = modules.metafile.outputs;
    const main = nameOf(modules, "src/main.tsx");
    const boot = nameOf(others, "src/boot.ts");
    const style = nameOf(others, "styles:all");
    const eager = [...loadedWith(outputs, main)];
    const english = nameOf(modules, "messages:en");
    const arabic = nameOf(modules, "messages:ar");
    const first = nameOf(modules, "src/views/incidents/index.tsx");
    const relative = (file) => path.relative(out, path.resolve(here, file));
    const files = new Map(copied);
    for (const file of [...modules.outputFiles, ...others.outputFiles]) {
        files.set(path.relative(out, file.path), file.contents);
    }
    files.set("index.html", Buffer.from(page({
        main: relative(main), boot: relative(boot), style: relative(style), preloads: eager.filter((file) => file !== main).map(relative),
    })));
    write(files);
    const longer = [english, arabic].sort((a, b) => outputs[b].bytes - outputs[a].bytes)[0];
    const loads = ["index.html", icon, ...[boot, style, longer, ...new Set([...eager, ...loadedWith(outputs, first)])].map(relative)];
    const total = loads.reduce((sum, name) => sum + packedSize(files.get(name)), 0);
    const whole = [...files.values()].reduce((sum, bytes) => sum + packedSize(bytes), 0);
    console.log(`workspace: the first page loads ${(total / 1024).toFixed(1)} kB packed (limit ${LIMIT / 1024}); ${files.size} files, ${(whole / 1024).toFixed(0)} kB in all`);
    if (total > LIMIT) {
        loads.forEach((name) => console.error(`  ${(packedSize(files.get(name)) / 1024).toFixed(1)} kB ${name}`));
        throw new Error("the first page is too heavy");
    }
}

const moduleOptions = {
    ...common, entryPoints: ["src/main.tsx"], format: "esm", splitting: true, chunkNames: "[name]-[hash]", define, plugins: [messagesPlugin],
    jsx: "automatic", jsxImportSource: "preact", alias: { "maplibre-gl": path.join(maplibre, "maplibre-gl-csp.js") },
};
const otherOptions = { ...common, entryPoints: ["src/boot.ts", { in: "styles:all", out: "style" }], format: "iife", plugins: [stylesPlugin] };

async function once() {
    finish(...await Promise.all([esbuild.build(moduleOptions), esbuild.build(otherOptions)]));
}

try {
    await once();
} catch (error) {
    console.error(String(error.errors ? error.message : error.stack ?? error));
    process.exitCode = 1;
}
if (watch) {
    let waiting;
    const again = () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => once().catch((error) => console.error(error.message)), 80);
    };
    for (const folder of ["src", "messages"]) {
        fs.watch(inside(folder), { recursive: process.platform !== "linux" || +process.versions.node.split(".")[0] >= 20 }, again);
    }
}
