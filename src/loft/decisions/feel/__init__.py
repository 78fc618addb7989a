"""FEEL, the expression language of DMN: read, checked and evaluated. Nothing is ever executed that is not FEEL."""
