// Inspect: paste any X12 text and see what it says. Nothing is stored.
import { html, useState } from "../lib.js";
import { plural } from "../format.js";
import { Problem, post } from "../http.js";
import { Field } from "../kit/fields.js";
import { Page } from "../kit/page.js";
import { Failure, Findings, Notice } from "../kit/states.js";
import { Meaning, SegmentList, placeOf } from "./file-segments.js";

export default function Inspect() {
  const [text, setText] = useState("");
  const [told, setTold] = useState(null);
  const [problem, setProblem] = useState(null);
  const [chosen, setChosen] = useState({ segment: 1, position: null });
  const look = async () => {
    setProblem(null);
    try { setTold(await post("/tools/edi/inspect", { text })); setChosen({ segment: 1, position: null }); } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      setProblem(reason);
    }
  };
  return html`<${Page} title="Inspect a text" sub="Paste any X12 file. It is explained here, and not stored." crumbs=${[["EDI files", "/files"], ["Inspect"]]} actions=${html`<button class="btn primary" aria-disabled=${!text} onClick=${() => text && look()}>Explain it</button>`}>
    <${Field} label="X12 text" multiline className="mono" value=${text} onValue=${setText} spellcheck="false" />
    <${Failure} problem=${problem} />
    ${told?.findings?.length > 0 && html`<div class="spaced"><${Notice}><${Findings} findings=${told.findings} /><//></div>`}
    ${told && html`<div class="edi spaced"><div><h2>${plural(told.segments.length, "line")}</h2></div><div><${SegmentList} segments=${told.segments} delimiters=${told.delimiters} chosen=${chosen} onChoose=${(segment, element) => setChosen({ segment: segment.number, position: element && placeOf(element) })} /></div>
      <${Meaning} segment=${told.segments.find((segment) => segment.number === chosen.segment)} position=${chosen.position} /></div>`}<//>`;
}
