"""The pages, one file a blueprint: values from the form, one call, a page or a redirect."""
