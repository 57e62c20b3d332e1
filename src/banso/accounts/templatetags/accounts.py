"""Words for what accounts hold."""

from django import template

from banso.accounts.models import PersonRole

register = template.Library()


@register.simple_tag
def role_name(role: str) -> str:
    """Return what a person's role is called, in the reader's language."""
    return str(dict(PersonRole.choices).get(PersonRole(role), role))
