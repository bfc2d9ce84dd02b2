"""How sure an answer is: distributions of figures, draws that pair scenarios, chances, what matters most."""
