"""When the file of an import was removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="file_removed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
