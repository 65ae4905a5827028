// Coverage check.
import { Page } from "../kit/page.js";
import { html } from "../lib.js";

export default function View() {
  return html`<${Page} title="Coverage check" />`;
}
