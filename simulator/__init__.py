"""A simulated customer who talks to the running assistant and checks what must never happen; see docs/simulator.md."""
