// The console's own server: questions and answers as JSON.

export class WrongCall extends Error {
  constructor({ message, field }) {
    super(message);
    this.field = field;
  }
}

export async function ask(question, asked) {
  const response = await fetch(`/api/${question}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new WrongCall(answer);
}

export async function rules() {
  const response = await fetch("/api/rules");
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
