#!/usr/bin/env bash
# The lesson, typed into the AWS CLI: what the console and the notebook do behind each click. BUCKET is the bucket's
# name; DATA the training digits, as the notebook writes them; DIGIT one digit as CSV. Each argument is one part.
set -euo pipefail
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text
account=$(aws sts get-caller-identity --query Account)
region=us-east-1
stamp=20190701T182197
role=AmazonSageMaker-ExecutionRole-$stamp
role_arn=arn:aws:iam::$account:role/service-role/$role
image=382416733822.dkr.ecr.$region.amazonaws.com/linear-learner:1
job=linear-learner-2019-07-01-18-40-12-345
endpoint=linear-learner-2019-07-01-18-46-30-001
prefix=sagemaker/DEMO-linear-mnist

click() { # one click in Jupyter, at the address that was signed for the browser
    curl --silent --show-error --fail --noproxy '*' "$@" "$page" > /dev/null
}

for part in "$@"; do
    case "$part" in
    bucket) # Step 4: everything left at its default.
        aws s3api create-bucket --bucket "$BUCKET" > /dev/null
        ;;
    instance) # Step 4: the role that the console's wizard makes, and the notebook instance.
        aws iam create-role --path /service-role/ --role-name $role --assume-role-policy-document '{
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}' > /dev/null
        policy=$(aws iam create-policy --path /service-role/ --policy-name AmazonSageMaker-ExecutionPolicy-$stamp \
            --query Policy.Arn --policy-document '{"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::'"$BUCKET"'"]},
                {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                 "Resource": ["arn:aws:s3:::'"$BUCKET"'/*"]}]}')
        aws iam attach-role-policy --role-name $role --policy-arn "$policy"
        aws iam attach-role-policy --role-name $role --policy-arn arn:aws:iam::aws:policy/AmazonSageMakerFullAccess
        aws sagemaker create-notebook-instance --notebook-instance-name sm-test --instance-type ml.t2.medium \
            --role-arn "$role_arn" --root-access Enabled > /dev/null
        aws sagemaker wait notebook-instance-in-service --notebook-instance-name sm-test
        ;;
    jupyter) # Steps 5 and 6: a notebook is made and run, and then an existing one is uploaded and run.
        page=$(aws sagemaker create-presigned-notebook-instance-url --notebook-instance-name sm-test)
        click
        click --data action=new
        click --data action=run
        click --data action=upload --data name=portfolio_planner_part_2.ipynb
        click --data action=run
        ;;
    train) # Step 7, first half.
        aws s3 cp --quiet "$DATA" "s3://$BUCKET/$prefix/train/recordio-pb-data"
        aws sagemaker create-training-job --training-job-name $job --role-arn "$role_arn" \
            --algorithm-specification TrainingImage=$image,TrainingInputMode=File \
            --hyper-parameters feature_dim=784,predictor_type=binary_classifier,mini_batch_size=200 \
            --input-data-config '[{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix",
                "S3Uri": "s3://'"$BUCKET/$prefix"'/train/recordio-pb-data"}}}]' \
            --output-data-config "S3OutputPath=s3://$BUCKET/$prefix/output" \
            --resource-config InstanceType=ml.c4.xlarge,InstanceCount=1,VolumeSizeInGB=30 \
            --stopping-condition MaxRuntimeInSeconds=86400 > /dev/null
        aws sagemaker wait training-job-completed-or-stopped --training-job-name $job
        ;;
    deploy) # Step 7, second half: deploy, and predict.
        artifact=$(aws sagemaker describe-training-job --training-job-name $job --query ModelArtifacts.S3ModelArtifacts)
        aws sagemaker create-model --model-name $endpoint --execution-role-arn "$role_arn" \
            --primary-container "Image=$image,ModelDataUrl=$artifact" > /dev/null
        aws sagemaker create-endpoint-config --endpoint-config-name $endpoint --production-variants \
            "VariantName=AllTraffic,ModelName=$endpoint,InitialInstanceCount=1,InstanceType=ml.m4.xlarge" > /dev/null
        aws sagemaker create-endpoint --endpoint-name $endpoint --endpoint-config-name $endpoint > /dev/null
        aws sagemaker wait endpoint-in-service --endpoint-name $endpoint
        aws sagemaker-runtime invoke-endpoint --endpoint-name $endpoint --content-type text/csv --body "fileb://$DIGIT" \
            /dev/stdout | grep --quiet predicted_label
        ;;
    teardown) # Step 8, and the endpoint, which deleting the notebook instance does not delete.
        aws sagemaker delete-endpoint --endpoint-name $endpoint
        aws sagemaker wait endpoint-deleted --endpoint-name $endpoint
        aws sagemaker stop-notebook-instance --notebook-instance-name sm-test
        aws sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test
        aws sagemaker delete-notebook-instance --notebook-instance-name sm-test
        aws sagemaker wait notebook-instance-deleted --notebook-instance-name sm-test
        ;;
    *)
        echo "no part of the lesson is called $part" >&2
        exit 2
        ;;
    esac
done
