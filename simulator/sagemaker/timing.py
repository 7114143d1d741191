"""How long AWS takes, in seconds, as seen from a class; the clock divides by its speed.

Source: what teachers of the lesson measured; the SageMaker guide states no times.
"""

STARTING_INSTANCE_S = 180.0
STOPPING_INSTANCE_S = 90.0
DELETING_INSTANCE_S = 60.0
UPDATING_INSTANCE_S = 60.0

CREATING_ENDPOINT_S = 300.0
UPDATING_ENDPOINT_S = 300.0
DELETING_ENDPOINT_S = 20.0

STARTING_JOB_S = 30.0
PENDING_JOB_S = 60.0
DOWNLOADING_S = 30.0
LEAST_TRAINING_S = 20.0
# ml.c4.xlarge and the lesson's algorithm: 50,000 digits 15 times over in about 40 seconds.
RECORDS_PER_S = 18_000.0
UPLOADING_S = 10.0
STOPPING_JOB_S = 30.0
DELETING_JOB_S = 5.0

STARTING_APP_S = 120.0
DELETING_APP_S = 30.0
CREATING_SPACE_S = 10.0
CREATING_DOMAIN_S = 240.0
DELETING_DOMAIN_S = 120.0

# Jobs that learn nothing here run for as long as it takes to leave them behind.
RUNNING_S = 3_600.0
