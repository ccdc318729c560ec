// The demo shop: draws the products, lets a visitor sign in as a demo customer, and hands who it is to the chat.

const SVG = "http://www.w3.org/2000/svg";
const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR", trailingZeroDisplay: "stripIfInteger" });
const byId = (id) => document.getElementById(id);

// The chat's script loads by itself; what is pushed before it is there waits.
window.Frontdesk ??= [];
const chat = (act) => window.Frontdesk.push(act);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter(Boolean));
  return made;
}

function drawing(sku) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 160 160");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/demo/products.svg#${sku}`);
  svg.append(use);
  return svg;
}

function availability(product) {
  if (product.stock === 0) return ["out", "Back soon"];
  return product.stock < 6 ? ["few", `Only ${product.stock} left`] : ["in", "In stock"];
}

let inBasket = 0;

function productCard(product) {
  const [state, words] = availability(product);
  const price = product.to ? `from ${money.format(product.price)}` : money.format(product.price);
  const add = element("button", {
    type: "button",
    className: "add",
    disabled: product.stock === 0,
    textContent: product.stock === 0 ? "Sold out" : "Add to basket",
    onclick: () => {
      inBasket += 1;
      byId("basket").textContent = inBasket;
    },
  });
  add.setAttribute("aria-label", `${add.textContent}: ${product.name}`);
  const art = element("div", { className: `art ${product.category}` }, drawing(product.sku));
  const card = element(
    "li",
    { className: "product" },
    art,
    element("h3", { textContent: product.name }),
    element("p", { className: "words", textContent: product.words }),
    element("p", { className: `stock ${state}`, textContent: words }),
    element("div", { className: "buy" }, element("strong", { textContent: price }), add),
  );
  card.dataset.category = product.category;
  return card;
}

function show(category) {
  let shown = 0;
  for (const card of byId("products").children) {
    card.hidden = category !== "all" && card.dataset.category !== category;
    shown += card.hidden ? 0 : 1;
  }
  byId("count").textContent = `${shown} things`;
  for (const button of document.querySelectorAll("nav [data-category]")) {
    button.setAttribute("aria-pressed", String(button.dataset.category === category));
  }
}

const SIGNED_IN = "alderwick-demo-customer";

async function signIn(customer) {
  const trouble = byId("sign-in-trouble");
  trouble.hidden = true;
  try {
    const answer = await fetch("/demo/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ customer_id: customer.id }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { identity } = await answer.json();
    sessionStorage.setItem(SIGNED_IN, customer.id);
    chat((api) => api.identify(identity));
    greet(customer);
  } catch {
    trouble.textContent = "Signing in is possible only while the demo runs in development.";
    trouble.hidden = false;
  }
}

function greet(customer) {
  const account = byId("account");
  account.querySelector("summary").textContent = customer ? customer.name : "Sign in";
  byId("sign-out").hidden = !customer;
  account.open = false;
}

function signOut() {
  sessionStorage.removeItem(SIGNED_IN);
  greet(null);
  chat((api) => api.identify(null));
}

const { products, customers } = await (await fetch("/demo/catalogue.json")).json();
byId("products").append(...products.map(productCard));
byId("customers").append(
  ...customers.map((customer) => {
    const words = [element("strong", { textContent: customer.name }), element("span", { textContent: customer.about })];
    return element("li", {}, element("button", { type: "button", onclick: () => signIn(customer) }, ...words));
  }),
);
byId("sign-out").addEventListener("click", signOut);
for (const button of document.querySelectorAll("nav [data-category]")) {
  button.addEventListener("click", () => show(button.dataset.category));
}
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () =>
    chat((api) => {
      api.open();
      api.send(button.dataset.ask);
    }),
  );
}
document.addEventListener("click", (event) => {
  if (!byId("account").contains(event.target)) byId("account").open = false;
});
show("all");
const signedIn = customers.find((customer) => customer.id === sessionStorage.getItem(SIGNED_IN));
if (signedIn) void signIn(signedIn);
