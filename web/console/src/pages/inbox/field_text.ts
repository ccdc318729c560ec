/** Puts a text into the field with its selection, at once: what is typed next must not land in front of it. */
export function setFieldText(field: HTMLTextAreaElement, text: string, from: number, to: number, write: (text: string) => void): void {
  field.value = text;
  field.focus();
  field.setSelectionRange(from, to);
  write(text);
}
