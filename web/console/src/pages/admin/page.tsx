/** Who may do what here, what was done, and customers' right to their data. */

import { Route, Switch } from "wouter-preact";
import { SubNav } from "../../parts/sub_nav.tsx";
import { Accounts } from "./accounts.tsx";
import { AuditLog } from "./audit.tsx";
import { Assignment } from "./assignment.tsx";
import { CustomerData } from "./customer_data.tsx";
import "./admin.css";

export function AdminPage() {
  return (
    <Switch>
      <Route path="/admin/audit" component={AuditLog} />
      <Route path="/admin/assignment" component={Assignment} />
      <Route path="/admin/customers" component={CustomerData} />
      <Route component={Accounts} />
    </Switch>
  );
}

const VIEWS = [
  { href: "/admin", title: "Accounts" },
  { href: "/admin/assignment", title: "Assignment" },
  { href: "/admin/audit", title: "Audit log" },
  { href: "/admin/customers", title: "Customers’ data" },
];

export const AdminViews = () => <SubNav label="Administration" views={VIEWS} />;
