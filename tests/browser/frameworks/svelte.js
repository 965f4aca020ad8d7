// Svelte's ways to bind a field; the components are compiled by its own compiler.
import { flushSync, mount } from "svelte";
import Page from "./svelte_page.svelte";

const page = mount(Page, { target: document.getElementById("app") });
standing(() => flushSync(page.draw));
