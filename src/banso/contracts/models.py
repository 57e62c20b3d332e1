"""Contracts and their lines: what a customer pays for, until when, and by when either side must speak."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeUnit(models.TextChoices):
    BUSINESS_DAYS = "business_days", _("Business days")
    CALENDAR_DAYS = "calendar_days", _("Calendar days")
    MONTHS = "months", _("Months")


class NoticeRoll(models.TextChoices):
    NONE = "none", _("As it falls")
    PREVIOUS = "previous", _("Previous business day")
    NEXT = "next", _("Next business day")


class Contract(models.Model):
    """One agreement with one account. It is active on a day d when starts_on <= d < ends_on, or has no end."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, default="JPY")
    is_trial = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # exclusive: the first day without the contract
    renews_on = models.DateField(null=True, blank=True)  # the day on which the next term would start
    is_auto_renewing = models.BooleanField(default=True)
    renewal_months = models.PositiveIntegerField(null=True, blank=True)  # how long the next term would be
    notice_count = models.PositiveIntegerField(default=0)
    notice_unit = models.CharField(max_length=20, choices=NoticeUnit, default=NoticeUnit.CALENDAR_DAYS)
    notice_is_end_of_month = models.BooleanField(default=False)
    notice_roll = models.CharField(max_length=10, choices=NoticeRoll, default=NoticeRoll.NONE)
    # The last day on which notice can be given, by the rule above; null where there is no renewal date.
    notice_by_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)  # the day on which the customer gave notice
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(external_id=""), name="contract_external_id_is_given"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(renews_on__isnull=True) | models.Q(renews_on__gte=models.F("starts_on")),
                name="contract_renews_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(renewal_months__isnull=True) | models.Q(renewal_months__gt=0),
                name="contract_renewal_is_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(notice_by_on__isnull=True)
                | models.Q(renews_on__isnull=False, notice_by_on__lte=models.F("renews_on")),
                name="contract_notice_is_before_its_renewal",
            ),
            models.CheckConstraint(
                condition=models.Q(notice_unit__in=NoticeUnit.values), name="contract_notice_unit_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(notice_roll__in=NoticeRoll.values), name="contract_notice_roll_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "starts_on"], name="contract_by_account"),
            models.Index(fields=["renews_on"], name="contract_by_renewal"),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id


class LineKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    OPTION = "option", _("Option")
    SEATS = "seats", pgettext_lazy("line of a contract", "Seats")
    METERED = "metered", _("Metered")
    ONE_OFF = "one_off", _("One-off")


class Counting(models.TextChoices):
    SUM = "sum", _("Sum of the event's values")
    COUNT = "count", _("How often the event happened")
    PEOPLE = "people", _("People active within 28 days")
    ASSIGNED = "assigned", _("People on the account's list")
    LAST = "last", _("Latest value of the event")


class Period(models.TextChoices):
    MONTH = "month", _("Calendar month")
    BILLING_MONTH = "billing_month", _("Month counted from the contract's first day")
    TERM = "term", _("Term of the contract")


class Line(models.Model):
    """One thing in a contract: a plan, an option, seats, a metered quantity with its limit, or a one-off."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=LineKind)
    name = models.CharField(max_length=200)
    # The recurring amount of one term, in minor units of the contract's currency; tax excluded, lasting discounts off.
    amount_minor = models.BigIntegerField(default=0)
    term_months = models.PositiveIntegerField(null=True, blank=True)
    term_days = models.PositiveIntegerField(null=True, blank=True)  # odd cadences
    quantity = models.PositiveIntegerField(null=True, blank=True)  # seats bought
    limit = models.BigIntegerField(null=True, blank=True)  # of a metered quantity
    unit = models.CharField(max_length=40, blank=True)
    meter = models.CharField(max_length=100, blank=True)  # the event that is held against the limit
    # How it is counted, and within what it adds up; blank: as is usual for the kind (contracts.rules.limits).
    counting = models.CharField(max_length=10, choices=Counting, blank=True)
    period = models.CharField(max_length=15, choices=Period, blank=True)
    # Monthly recurring revenue by contracts.rules.monthly_minor, in minor units; kept so that lists can sort by it.
    mrr_minor = models.BigIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)  # where it differs from the contract
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "external_id"], name="line_is_once_in_a_contract"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="line_external_id_is_given"),
            models.CheckConstraint(condition=models.Q(kind__in=LineKind.values), name="line_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=(LineKind.METERED, LineKind.ONE_OFF))
                | models.Q(term_months__isnull=False, term_months__gt=0, term_days__isnull=True)
                | models.Q(term_months__isnull=True, term_days__isnull=False, term_days__gt=0),
                name="line_that_recurs_has_one_term",
            ),
            models.CheckConstraint(
                condition=models.Q(counting__in=["", *Counting.values]), name="line_counting_is_known"
            ),
            models.CheckConstraint(condition=models.Q(period__in=["", *Period.values]), name="line_period_is_known"),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="line_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """How many minor units of the company's currency one minor unit of another is worth, from a day on."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "on"], name="rate_is_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on} {self.rate}"


class Position(models.Model):
    """Where an account's contracts stand from a day on, until its next row: made by contracts.rules.positions.

    Kept so that lists of accounts sort by revenue and renewal with one step into one index for each account, and so
    that every past day can be read as it was. Made anew whenever a contract of the account changes.
    """

    is_computed = True

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField()
    mrr_minor = models.BigIntegerField()  # in the company's currency
    seats = models.BigIntegerField(null=True)
    is_active = models.BooleanField()
    renews_on = models.DateField(null=True)
    notice_by_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "from_on"], name="position_is_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(renews_on__isnull=True) | models.Q(renews_on__gte=models.F("from_on")),
                name="position_looks_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.from_on}"
