"""The index along which the queue is read: open work of a desk by when its promise was broken or is due."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="work",
            index=models.Index(
                models.F("desk"),
                Coalesce("broken_at", "due_at"),
                models.F("severity"),
                models.F("waiting_since"),
                condition=models.Q(("state", "done"), _negated=True),
                name="work_by_moment",
            ),
        ),
    ]
