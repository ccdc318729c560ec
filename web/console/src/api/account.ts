/** Who is signed in, as `/session` tells it. */

export type Role = "agent" | "lead" | "editor" | "developer" | "admin";
export type Permission = "answer" | "assign" | "review" | "teach" | "knowledge" | "numbers" | "admin";

export interface Account {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  languages: string[];
  totp: boolean;
  away: boolean;
  capacity: number;
  skills: string[];
  teams?: string[];
  /** An admin knows the password: nothing opens before it is another one. */
  must_change?: boolean;
}

export interface Me {
  account: Account;
  permissions: Permission[];
  csrf: string;
  oidc: boolean;
  expires_at: string;
}

export interface SignInOffer {
  oidc: { name: string } | null;
  company: string;
}

/** Somebody's name to choose from, as every signed-in person may see it. */
export interface Colleague {
  id: string;
  name: string;
  roles: Role[];
  away: boolean;
}
