// The view library, in one place: preact, htm and signals as their packages ship them (vendor/).
import { h, render, Fragment } from "../vendor/preact.js";
import {
  useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState,
} from "../vendor/preact-hooks.js";
import htm from "../vendor/htm.js";
import { batch, computed, effect, signal } from "../vendor/signals.js";

export const html = htm.bind(h);
export {
  Fragment, batch, computed, effect, render, signal,
  useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState,
};
