"""The workbench: scenarios built in the browser, answered by the same package. A face; no rule of the model."""
