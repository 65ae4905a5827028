// Every page: its address, its place in the rail, the right it needs, and where its code is.
export const ROUTES = [
  { path: "/", nav: "Home", icon: "home", group: "work", go: "h", pocket: true, right: "work.read", title: "My day", load: () => import("./pages/my-day.js") },
  { path: "/worklists", nav: "Worklists", icon: "work", group: "work", go: "w", pocket: true, right: "work.read", title: "Worklists", load: () => import("./pages/worklists.js") },
  { path: "/claims", nav: "Claims", icon: "claim", group: "work", go: "c", pocket: true, right: "claims.read", title: "Claims", load: () => import("./pages/claims.js") },
  { path: "/claims/:id", right: "claims.read", title: "Claim", load: () => import("./pages/claim.js") },
  { path: "/payments", nav: "Payments", icon: "money", group: "work", go: "p", pocket: true, right: "remittances.read", title: "Payments", load: () => import("./pages/payments.js") },
  { path: "/payments/:id", right: "remittances.read", title: "Payment", load: () => import("./pages/remittance.js") },
  { path: "/eligibility", nav: "Eligibility", icon: "shield", group: "work", go: "e", right: "eligibility.read", title: "Eligibility", load: () => import("./pages/eligibility.js") },
  { path: "/eligibility/:id", right: "eligibility.read", title: "Coverage check", load: () => import("./pages/eligibility-check.js") },
  { path: "/analytics", nav: "Analytics", icon: "chart", group: "work", go: "a", right: "analytics.read", title: "Analytics", load: () => import("./pages/analytics.js") },
  { path: "/files", nav: "EDI files", icon: "edi", group: "system", go: "f", right: "files.read", title: "EDI files", load: () => import("./pages/files.js") },
  { path: "/files/:id", right: "files.read", title: "EDI file", load: () => import("./pages/file.js") },
  { path: "/partners", nav: "Trading partners", icon: "plug", group: "system", go: "t", right: "partners.read", title: "Trading partners", load: () => import("./pages/partners.js") },
  { path: "/jobs", nav: "Failed jobs", icon: "refresh", group: "system", right: "jobs.read", title: "Failed jobs", load: () => import("./pages/jobs.js") },
  { path: "/users", nav: "Users and keys", icon: "people", group: "system", go: "u", right: "users.read", title: "Users and keys", load: () => import("./pages/users.js") },
  { path: "/audit", nav: "Audit log", icon: "eye", group: "system", right: "audit.read", title: "Audit log", load: () => import("./pages/audit.js") },
  { path: "/account", right: "self", title: "Account", load: () => import("./pages/account.js") },
];
