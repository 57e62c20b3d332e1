"""The look of Banso: base templates, components, charts and the built assets.

Every staff page extends `ui/base.html` and fills `title`, `heading`, `page_actions` and `content`; sign-in pages
extend `ui/entrance.html`. Furniture of a page is written with cotton (`<c-button>`), what stands in rows by the
hundred with tags (`{% score %}`, `{% badge %}`); all tags and filters of the kit, and those of i18n, are built in:
no `{% load %}` is needed. docs/ui-kit.md shows every call, the page `/ui/` every component in all states. ui knows
no area above it: pages hand it plain values, and `request.user.may(permission)` is asked where a user has it.
"""
