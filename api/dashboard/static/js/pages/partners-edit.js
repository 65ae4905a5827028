// Settings and schedule of a trading partner.
import { html, useEffect, useState } from "../lib.js";
import { Problem, call, onceKey } from "../http.js";
import { moment } from "../format.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Choice, Field } from "../kit/fields.js";
import { Bones, Failure } from "../kit/states.js";

// [name, label, hint]
const WHO = [
  ["name", "Name"], ["our_id", "Our ISA id"], ["their_id", "Their ISA id"], ["group_sender", "Our GS id"], ["group_receiver", "Their GS id"],
  ["submitter_name", "Submitter name"], ["submitter_contact", "Submitter contact"], ["submitter_phone", "Submitter phone", "Ten digits"], ["receiver_name", "Receiver name"],
];
const WHERE = [
  ["host", "SFTP host"], ["port", "Port"], ["username", "User name"], ["outbound_folder", "Folder we send to"], ["inbound_folder", "Folder we fetch from"], ["archive_folder", "Folder for what was fetched"],
  ["time_zone", "Time zone"], ["cut_off", "Cut-off time", "HH:MM; claims ready later go the next day"], ["silent_hours", "Say so after hours of silence"], ["stable_seconds", "Seconds between two looks at a file"],
];
const NUMBERS = ["port", "silent_hours", "stable_seconds", "incomplete_minutes"];
const FRESH = {
  name: "", usage: "T", our_qualifier: "ZZ", our_id: "", their_qualifier: "ZZ", their_id: "", group_sender: "", group_receiver: "", submitter_name: "", submitter_contact: "", submitter_phone: "", receiver_name: "",
  time_zone: "America/New_York", cut_off: null, silent_hours: 72, host: "", port: 22, username: "", host_keys: [], outbound_folder: "", inbound_folder: "", archive_folder: "", stable_seconds: 10, incomplete_minutes: 60,
};

export function EditPartner({ id, onClose, onDone }) {
  const [values, setValues] = useState(id ? null : FRESH);
  const [etag, setEtag] = useState(null);
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    if (!id) return;
    call("GET", `/partners/${id}`).then(({ data, etag: tag }) => { setValues(data.settings); setEtag(tag); }, setProblem);
  }, []);
  const [wrong, setWrong] = useState({});
  const set = (name) => (value) => setValues({ ...values, [name]: value });
  const send = async () => {
    const body = { ...values, cut_off: values.cut_off || null, ...(key ? { private_key: key } : {}) };
    for (const name of NUMBERS) body[name] = Number(body[name]);
    try {
      await call(id ? "PUT" : "POST", id ? `/partners/${id}` : "/partners", { body, etag, key: id ? undefined : onceKey() });
    } catch (reason) {
      if (reason instanceof Problem) setWrong(Object.fromEntries(reason.findings.map((each) => [each.place?.pointer?.split("/")[1] ?? "", `${each.message} ${each.cure}`])));
      throw reason;
    }
    toast(id ? "Saved. Test the connection." : "Added. Test the connection, then set a schedule.");
    onDone();
    onClose();
  };
  const field = ([name, label, hint]) => html`<${Field} key=${name} label=${label} hint=${hint} wrong=${wrong[name]} value=${values[name] ?? ""} onValue=${set(name)} />`;
  return html`<${Dialog} wide title=${id ? "Settings of the partner" : "Add a trading partner"} submit=${id ? "Save" : "Add"} canSubmit=${Boolean(values)} onClose=${onClose} onSubmit=${send}>
    <${Failure} problem=${problem} />
    ${!values ? html`<${Bones} lines=${6} />` : html`
      <div class="fields">${WHO.map(field)}<${Field} label="Mode" options=${[["T", "Test (ISA15 = T)"], ["P", "Production (ISA15 = P)"]]} value=${values.usage} onValue=${set("usage")} wrong=${wrong.usage} /></div>
      <div class="fields">${WHERE.map(field)}</div>
      <${Field} label="Their host keys" multiline hint="One a line, as ssh-ed25519 AAAA…; two while they change it. Nothing is sent to a server that shows another." wrong=${wrong.host_keys} value=${values.host_keys.join("\n")} onValue=${(text) => set("host_keys")(text.split("\n").map((line) => line.trim()).filter(Boolean))} />
      <${Field} label="Our private key" multiline hint=${id ? "Never shown. Leave it empty to keep the one that is here." : "OpenSSH text, without a passphrase. It is sealed, and never shown again."} wrong=${wrong.private_key} value=${key} onValue=${setKey} />`}<//>`;
}

export function EditSchedule({ partner, onClose, onDone }) {
  const [cron, setCron] = useState(partner.cron ?? "*/15 7-19 * * MON-FRI");
  const [isPaused, setPaused] = useState(partner.is_schedule_paused ?? false);
  const send = async () => {
    const { data } = await call("PUT", `/partners/${partner.id}/schedule`, { body: { cron, is_paused: isPaused } });
    toast(data.next_at.length ? `Next exchange ${moment(data.next_at[0])}.` : "The schedule is paused.");
    onDone();
    onClose();
  };
  return html`<${Dialog} title=${`When to exchange with ${partner.name}`} submit="Save" onClose=${onClose} onSubmit=${send}>
    <${Field} label="Schedule" value=${cron} onValue=${setCron} hint=${`Five cron fields, in ${partner.time_zone}: minute, hour, day, month, weekday.`} />
    <${Choice} label="Paused" hint="Nothing by itself; “Exchange now” still works." checked=${isPaused} onChecked=${setPaused} /><//>`;
}
