// Bundles the pages of this folder, each with the packages that it is about, into the folder that it is told.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as esbuild from "esbuild";
import { compile } from "svelte/compiler";

const [output] = process.argv.slice(2);
const here = (file) => new URL(file, import.meta.url).pathname;

// All files of a bundle mean the same version of React, those of react-dom too.
const REACTS = {
  react_19: {},
  react_18: { react: "react-18", "react-dom": "react-dom-18" },
  react_16: { react: "react-16", "react-dom/client": here("react_16_client.js"), "react-dom": "react-dom-16" },
};

// Without its compiler Vue would take no templates from the page.
const VUE = {
  alias: { vue: "vue/dist/vue.esm-bundler.js" },
  define: {
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
};

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path: filename }) => {
      const { js } = compile(await readFile(filename, "utf8"), { filename, generate: "client" });
      return { contents: js.code };
    });
  },
};

const bundles = [
  ...Object.entries(REACTS).map(([name, alias]) => ({ name, entry: "react.jsx", alias })),
  { name: "react_19_hydrated", entry: "react_hydrated.jsx", alias: REACTS.react_19 },
  { name: "react_18_hydrated", entry: "react_hydrated.jsx", alias: REACTS.react_18 },
  { name: "react_forms", entry: "react_forms.jsx" },
  { name: "vue", entry: "vue.js", ...VUE },
  { name: "svelte", entry: "svelte.js", plugins: [svelte], conditions: ["svelte"] },
  { name: "solid", entry: "solid.js" },
  { name: "preact", entry: "preact.jsx", jsxFactory: "h" },
  { name: "lit", entry: "lit.js" },
  { name: "angular", entry: "angular.js" },
];

await Promise.all(
  bundles.map(({ name, entry, define, ...options }) =>
    esbuild.build({
      entryPoints: [here(entry)],
      outfile: `${output}/${name}.js`,
      bundle: true,
      // What engines download is the packages' release build, as on a real site.
      minifySyntax: true,
      minifyWhitespace: true,
      target: "es2022",
      define: { "process.env.NODE_ENV": '"production"', ...define },
      logLevel: "warning",
      ...options,
    }),
  ),
);
